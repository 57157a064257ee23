import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePorts, projectRoot, runNode } from '../support/repo/project';

let system: ChildProcess;
let settings: Record<string, string>;
let printed = '';
let armPort = 0;

/** Starts `npm start`, and reads the settings for the tools that it prints. */
beforeAll(async () => {
  const first = await freePorts(5);
  armPort = first + 1;
  const ports = ['--port', `${first}`, '--arm-port', `${first + 1}`, '--storage-port', `${first + 2}`];
  system = spawn(process.execPath, ['dist/dev/start.mjs', ...ports, '--speed', '40', '--verbose'], {
    cwd: projectRoot,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ready = new Promise<void>((resolve, reject) => {
    system.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      if (/postern\.mjs undo .* --yes\n/.test(printed)) resolve();
    });
    system.once('exit', () => reject(new Error(`npm start has ended:\n${printed}`)));
  });
  await ready;
  const line = /^export (.*)$/m.exec(printed)?.[1] ?? '';
  settings = Object.fromEntries(
    [...line.matchAll(/(\w+)='([^']*)'/g)].map(([, name = '', value = '']) => [name, value]),
  );
}, 240_000);

afterAll(async () => {
  if (system.exitCode !== null) return;
  system.kill('SIGTERM');
  await once(system, 'exit');
}, 60_000);

const postern = (...args: string[]) => runNode(['dist/dev/postern.mjs', ...args], settings);

interface Listing {
  readonly canBeTakenBack: number;
  readonly connections: readonly { readonly connection: string; readonly standing: string }[];
}

async function listed(): Promise<Listing> {
  const { stdout } = await postern('undo', '--rule', 'landing-zones', '--since', '1h', '--json');
  return JSON.parse(stdout) as Listing;
}

test('what a wrong rule has approved is taken back by two commands', async () => {
  // As printed, for people to paste.
  const [list = [], ask = []] = [...printed.matchAll(/postern\.mjs (undo .*)$/gm)].map(([, line = '']) =>
    line.split(' '),
  );
  const shown = await postern(...list);
  expect(shown).toMatchObject({ code: 1, stderr: '' });
  expect(shown.stdout).toContain('Approved, can be taken back: 11');
  // In the scenario, a person approves pe-rush while Postern waits for its turn: that is not the rule's approval.
  expect(shown.stdout).toContain('Approved by a person or another decision; not touched: 1');
  expect(shown.stdout).toContain('landing-zones is still in force');
  const asked = await postern(...ask);
  expect(asked).toMatchObject({ code: 0, stderr: '' });
  expect(asked.stdout).toContain('Asked the app to take 11 approvals of landing-zones back.');

  let left = await listed();
  const isOver = ({ standing }: { readonly standing: string }): boolean =>
    standing === 'ended' || standing === 'gone' || standing === 'changed';
  while (!left.connections.every(isOver)) {
    await new Promise((wake) => setTimeout(wake, 1_000));
    left = await listed();
    expect(left.canBeTakenBack).toBe(0);
  }
  expect(left.connections).toHaveLength(12);
  expect(left.connections.filter(({ standing }) => standing === 'changed')).toHaveLength(1);

  const { code, stdout } = await postern('show', 'kv-payments/pe-checkout', '--json');
  expect(code).toBe(0);
  const story = JSON.parse(stdout) as { status: string; history: { kind: string; by?: string }[] };
  expect(story.status).toBe('Rejected');
  expect(story.history.map(({ kind }) => kind)).toEqual([
    'decided',
    'applied',
    'answered',
    'decided',
    'applied',
  ]);
  expect(story.history.at(-1)?.by).toMatch(/ \(operator\)$/);

  // Asking again finds nothing to do.
  expect(await postern(...ask)).toMatchObject({ code: 0 });
  expect((await postern('explain', 'kv-payments/pe-checkout')).stdout).toContain('Outcome     none');
}, 300_000);

test('a second terminal requests a connection, and Postern answers it', async () => {
  const second = (...args: string[]) => runNode(['dist/dev/start.mjs', ...args, '--arm-port', `${armPort}`]);
  const asked = await second('ask', 'KV-frozen', '--message', 'From \u001b[31mhere');
  expect(asked).toEqual({
    code: 0,
    stdout:
      'pe-mine asks kv-frozen: "From \\u{1b}[31mhere". The terminal of `npm start` shows what happens.\n',
    stderr: '',
  });
  while (!/ decided +kv-frozen\/pe-mine +hold by frozen/.test(printed)) {
    await new Promise((wake) => setTimeout(wake, 200));
  }
  expect((await second('tools')).stdout).toContain(/^export .*$/m.exec(printed)?.[0]);
  expect(await second('ask', 'kv-payment')).toMatchObject({
    code: 2,
    stderr: 'No target is named "kv-payment": did you mean `kv-payments`?\n',
  });
}, 120_000);
