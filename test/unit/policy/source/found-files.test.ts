import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDiskPolicyReader } from '../../../../src/policy/source/disk-policy-reader';
import { filesToRead, readFound } from '../../../../src/policy/source/found-files';

const file = (path: string) => ({ path, size: 3 });
const many = (count: number, name: string) =>
  Array.from({ length: count }, (_, index) => file(`${String(index).padStart(4, '0')}.${name}`));

test('many announcements do not count as files of the policy', () => {
  expect(filesToRead([...many(200, 'yaml'), ...many(900, 'expected.yaml')])).toHaveLength(1_100);
  expect(() => filesToRead(many(201, 'yaml'))).toThrow('more than 200 files');
});

test('of too many announcements the first are read, and one tells that there are more', async () => {
  const found = filesToRead([file('policy.yaml'), ...many(1_200, 'expected.yaml')]);
  expect(found).toHaveLength(1_002);
  const files = await readFound(found, async () => Buffer.from('abc'));
  expect(files.filter(({ text }) => text === 'abc')).toHaveLength(1_001);
  expect(files.at(-1)?.unreadable).toContain('more than 1000 files of expected requests');
});

test('an announcement that cannot be read is told, and a policy file that cannot is refused', async () => {
  const failing = async ({ path }: { path: string }): Promise<Uint8Array> => {
    if (path.startsWith('bad')) throw new Error('locked');
    return Buffer.from('abc');
  };
  const files = await readFound([file('bad.expected.yaml'), file('good.expected.yml')], failing);
  expect(files[0]).toMatchObject({ text: '', unreadable: expect.stringContaining('locked') });
  expect(files[1]).toEqual({ path: 'good.expected.yml', text: 'abc' });
  await expect(readFound([file('bad.yaml')], failing)).rejects.toMatchObject({ code: 'POLICY_INVALID' });
});

test('a folder on disk has both', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'postern-found-'));
  try {
    await writeFile(join(folder, 'a.yaml'), 'version: 1\n');
    await writeFile(join(folder, 'b.expected.yaml'), Buffer.from([0xff, 0xfe]));
    await writeFile(join(folder, 'c.cases.yaml'), 'cases: []\n');
    const files = await createDiskPolicyReader(folder).read();
    expect(files.map(({ path, unreadable }) => [path, unreadable !== undefined])).toEqual([
      ['a.yaml', false],
      ['b.expected.yaml', true],
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
