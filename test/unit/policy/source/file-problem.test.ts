import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileProblem } from '../../../../src/policy/source/file-problem';

const problemOf = (work: Promise<unknown>): Promise<string> => work.then(() => 'none', fileProblem);

test('what is wrong with a path is said in words, without the names of the system', async () => {
  expect(await problemOf(readFile(join(__dirname, 'nowhere')))).toBe('there is no such file or folder');
  expect(await problemOf(readFile(__dirname))).toBe('it is a folder');
  expect(await problemOf(readdir(join(__filename, 'x')))).toBe('a part of the path is a file, not a folder');
  expect(await problemOf(readFile(join(__dirname, 'x'.repeat(400))))).toBe('its name is too long');
});

test('any other error is described as usual', () => {
  expect(fileProblem(new Error('odd'))).toBe('Error: odd');
});
