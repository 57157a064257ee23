import { projectRoot, runNode } from '../support/repo/project';

const estate = `${projectRoot}/dist/dev/estate.mjs`;

test('one command settles an estate of every type, three times, and prints a table', async () => {
  const { stdout, stderr, code } = await runNode([estate]);
  const lines = stdout.trim().split('\n');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ types: 102, connections: 306, failed: [] });
  expect(lines.filter((line) => line.startsWith('ok '))).toHaveLength(306);
}, 300_000);

test('its exit code says that something did not settle', async () => {
  const { stdout, code } = await runNode([estate, '--turn', '1', '--hours', '0']);
  expect(code).toBe(1);
  const { failed } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { failed: readonly string[] };
  expect(failed).toHaveLength(102);
  expect(stdout).toMatch(/^NO +Microsoft.Storage\/storageAccounts +approve +gone +none$/m);
});
