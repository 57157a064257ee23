import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

test('the tables of target types are as the evidence says', () => {
  const run = (): string =>
    execFileSync(process.execPath, ['scripts/target-types.mjs', '--check'], { cwd: root, encoding: 'utf8' });
  expect(run).not.toThrow();
});

test('the table that is loaded with the first review stays below 300 KB', () => {
  expect(statSync(join(root, 'src/azure/arm/connections/table/wire-types.json')).size).toBeLessThan(300_000);
});
