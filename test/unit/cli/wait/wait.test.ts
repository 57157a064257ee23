import type { Seen, SeenConnection, Watched } from '../../../../src/cli/wait/watch';
import { ArmError } from '../../../../src/base/errors';
import { runTool, type CliRun } from '../../../support/rigs/cli';
import { FakeClock } from '../../../support/fakes';
import { sampleConnection } from '../../../../dev/lib/samples';

const endpointId =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/app/providers/Microsoft.Network/privateEndpoints/pe-1';

const one = (status: string, more: Partial<SeenConnection> = {}): Seen => ({
  kind: 'seen',
  isSettled: true,
  connections: [{ name: 'pe-1', status, description: 'CHG 42', ...more }],
});

interface WaitRun extends CliRun {
  readonly watched: readonly Watched[];
  readonly sleeps: readonly number[];
}

/** The looks in their order; the last one again and again. Time passes only while the tool sleeps. */
async function runWait(args: readonly string[], looks: readonly (Seen | Error)[]): Promise<WaitRun> {
  const clock = new FakeClock();
  const watched: Watched[] = [];
  const sleeps: number[] = [];
  let count = 0;
  const run = await runTool(['wait', ...args], {
    clock,
    watch: (what) => {
      watched.push(what);
      return {
        poll: async () => {
          const next = looks[Math.min(count, looks.length - 1)]!;
          count += 1;
          if (next instanceof Error) throw next;
          return next;
        },
        sleep: async (seconds) => {
          sleeps.push(seconds);
          clock.advance(seconds);
        },
      };
    },
  });
  return { ...run, watched, sleeps };
}

test('an endpoint that is approved after a while ends with 0, and says how it went once for each change', async () => {
  const run = await runWait(
    [endpointId],
    [one('Pending'), one('Pending'), { kind: 'unavailable', problem: 'HTTP 503' }, one('Approved')],
  );
  expect(run).toMatchObject({
    exitCode: 0,
    output: ['Approved.', '  pe-1: Approved; CHG 42'],
    errors: ['waiting: pe-1 is Pending', 'waiting: HTTP 503'],
    sleeps: [10, 10, 10],
    watched: [{ kind: 'endpoint', id: { id: endpointId }, ledger: false }],
  });
});

test.each<[number, Seen, string]>([
  [0, one('Approved'), 'Approved.'],
  [3, one('Rejected'), 'Rejected: '],
  [4, one('Pending', { held: 'No rule matched' }), 'Held: '],
  [5, one('Pending'), 'No answer before the timeout.'],
  [6, one('Disconnected'), 'Gone or disconnected'],
  [6, { kind: 'gone' }, 'Gone or disconnected'],
])('the exit code %i', async (exitCode, seen, sentence) => {
  const run = await runWait([endpointId], [seen]);
  expect(run.exitCode).toBe(exitCode);
  expect(run.output[0]).toContain(sentence);
});

test('a hold is printed with its reason', async () => {
  const { output, watched } = await runWait(
    [endpointId, '--ledger'],
    [one('Pending', { held: 'No rule matched' })],
  );
  expect(output).toEqual(['Held: a person must approve or reject it.', '  pe-1: Pending; No rule matched']);
  expect(watched[0]?.ledger).toBe(true);
});

test('the time and the pace can be said', async () => {
  const { exitCode, sleeps } = await runWait(
    [endpointId, '--timeout', '1m15s', '--interval', '30s'],
    [one('Pending')],
  );
  expect([exitCode, sleeps]).toEqual([5, [30, 30, 15]]);
});

test('machines get one value', async () => {
  const { output } = await runWait([endpointId, '--json'], [one('Rejected')]);
  expect(JSON.parse(output.join('\n'))).toEqual({
    id: endpointId,
    outcome: 'rejected',
    connections: [{ name: 'pe-1', status: 'Rejected', description: 'CHG 42' }],
  });
});

test('the id of a connection is watched on its target', async () => {
  const { watched } = await runWait([sampleConnection().id], [one('Approved')]);
  expect(watched).toMatchObject([{ kind: 'connection', id: { key: sampleConnection().key } }]);
});

test('a missing permission to read ends the wait at once', async () => {
  const { exitCode, errors } = await runWait([endpointId], [new ArmError('ARM_FORBIDDEN', 'may not read')]);
  expect([exitCode, errors]).toEqual([2, ['ARM_FORBIDDEN: may not read']]);
});

test('a stranger’s text cannot fool a terminal', async () => {
  const { output } = await runWait([endpointId], [one('Approved', { description: '\u001b[2Jall fine' })]);
  expect(output[1]).toBe('  pe-1: Approved; \\u{1b}[2Jall fine');
});

test.each([
  [[], 'pass the id of one endpoint or connection'],
  [[endpointId, endpointId], 'pass the id of one endpoint or connection'],
  [['pe-1'], 'This is not the id of an endpoint or a connection.'],
  [[endpointId, '--timeout', 'soon'], '--timeout: `soon` is not a time'],
  [[endpointId, '--interval', '0s'], '--interval must be at least one second'],
  [[endpointId, '--forever'], 'There is no option --forever: '],
])('wrong usage %j is exit code 2, and nothing is polled', async (args, message) => {
  const { exitCode, errors, watched } = await runWait(args, [one('Approved')]);
  expect([exitCode, watched]).toEqual([2, []]);
  expect(errors.join('\n')).toContain(message);
});
