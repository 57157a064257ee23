import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from '../../support/repo/files-below';
import { projectRoot } from '../../support/repo/project';

const page = readFileSync(join(projectRoot, 'docs/conventions.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| (?!convention|---)/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()));

test('there are conventions', () => {
  expect(rows.length).toBeGreaterThan(20);
});

test.each(rows.map(([, convention = '', here = '', title = '']) => [convention, here, title]))(
  '%s: a convention that is kept names a test that there is',
  (_convention, here, title) => {
    const isKept = here.startsWith('yes') || title !== '';
    const texts = filesBelow(join(projectRoot, 'test'))
      .filter((path) => path.endsWith('.test.ts'))
      .map((path) => readFileSync(path, 'utf8'));
    // The title of a test stands in quotes, alone or behind the values of its table.
    const quoted = ["'", '"', '`'].map((quote) => `${title}${quote},`);
    const found = title !== '' && texts.some((text) => quoted.some((end) => text.includes(end)));
    expect({ here, found }).toEqual({
      here: isKept ? here : expect.stringMatching(/^(no|none)/),
      found: isKept,
    });
  },
);
