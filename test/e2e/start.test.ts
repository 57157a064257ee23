import { createServer, type Server } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts, runNode } from '../support/repo/project';

/** The README's first command, without `npm`. */
async function start(...options: string[]) {
  const first = await freePorts(5);
  const ports = ['--port', `${first}`, '--arm-port', `${first + 1}`, '--storage-port', `${first + 2}`];
  return runNode(['dist/dev/start.mjs', ...ports, ...options]);
}

test('npm start -- --once shows the whole main job on real parts, and everything ends as planned', async () => {
  const { code, stdout, stderr } = await start('--once', '--speed', '40');
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(last)).toEqual({
    settled: 19,
    approved: 11,
    rejected: 3,
    deleted: 1,
    held: 3,
    superseded: 1,
    audited: 0,
    untouched: 0,
    failed: 0,
    seconds: expect.any(Number),
  });
  // Not `polled`: on a busy machine every first look may find its operation done.
  for (const word of ['event', 'decided', 'requested', 'applied', 'superseded']) {
    expect(stdout).toMatch(new RegExp(`^ +\\d+\\.\\d s ${word} `, 'm'));
  }
  expect(stdout).not.toMatch(/^NO /m);
  // On a terminal of 24 lines of 80 columns, the first decision is on the first screen. The last line is for machines.
  const lines = stdout.trimEnd().split('\n').slice(0, -1);
  expect(lines.slice(0, 24).some((line) => line.includes(' s decided '))).toBe(true);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
}, 240_000);

test('a policy of your own is not judged by the endings of the shipped one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'postern-test-'));
  const path = join(folder, 'policy.yaml');
  // Audit mode is the default. No rule is about connections that are Disconnected.
  await writeFile(
    path,
    'version: 1\nrules:\n  - name: storage\n    effect: approve\n    when: target.service == "storage"\n    reason: Ours\n',
  );
  const { code, stdout, stderr } = await start('--once', '--policy', path);
  await rm(folder, { recursive: true });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^stexports\/pe-files +would approve +storage +Pending$/m);
  expect(stdout).toMatch(/^kv-payments\/pe-checkout +held +Pending$/m);
  expect(stdout).toMatch(/^hsm-signing\/pe-decommissioned +untouched +Disconnected$/m);
  expect(stdout).not.toMatch(/^(ok|NO) /m);
  const { seconds, ...counts } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<
    string,
    number
  >;
  expect(seconds).toBeGreaterThan(0);
  expect(counts).toEqual({
    settled: 19,
    approved: 0,
    rejected: 0,
    deleted: 0,
    held: 17,
    superseded: 0,
    audited: 1,
    untouched: 1,
    failed: 0,
  });
}, 240_000);

describe('trouble is told before anything is started', () => {
  test('a busy port is named with its option', async () => {
    const server: Server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const { code, stderr } = await start('--arm-port', `${port}`);
    await new Promise((resolve) => server.close(resolve));
    expect(code).toBe(2);
    expect(stderr).toBe(
      `Port ${port} is in use: stop the program that uses it, or choose another port with --arm-port\n`,
    );
  });

  test('a policy that does not load is shown with every place', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-test-'));
    const path = join(folder, 'policy.yaml');
    await writeFile(
      path,
      'version: 1\nmode: enforce\nrules:\n  - name: one\n    efect: approve\n    when: conection.name == ""\n',
    );
    const { code, stderr } = await start('--policy', path);
    await rm(folder, { recursive: true });
    expect(code).toBe(2);
    expect(stderr).toContain('The policy did not load');
    expect(stderr).toContain('policy.yaml:5:');
    expect(stderr).toContain('policy.yaml:6:');
  });

  test('an option that nobody knows shows the usage', async () => {
    const { code, stderr } = await start('--onec');
    expect(code).toBe(2);
    expect(stderr).toContain('--storage-port N');
  });

  test('a second terminal learns that nothing runs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-test-'));
    const { code, stderr } = await runNode(['dist/dev/start.mjs', 'ask', 'kv-payments'], { TMPDIR: folder });
    await rm(folder, { recursive: true });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'No local Azure runs: begin one with `npm start` in another terminal, then repeat this command\n',
    });
  });
});
