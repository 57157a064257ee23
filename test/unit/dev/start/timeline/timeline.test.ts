import { createServer } from 'node:http';
import { listenOnLoopback } from '../../../../../dev/lib/loopback';
import { createTimeline, type TimelineOptions } from '../../../../../dev/start/timeline/timeline';
import type { AuditEvent } from '../../../../../dev/start/timeline/audit-event';

const target =
  '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-1';
const endpoint =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/pe-1';

function rig(options: Partial<TimelineOptions> = {}) {
  const lines: string[] = [];
  const audits: AuditEvent[] = [];
  const timeline = createTimeline({
    print: (line) => lines.push(line),
    color: false,
    columns: 80,
    verbose: false,
    policyDigest: 'aaaaaaaa1',
    onAudit: (event) => audits.push(event),
    onRequest: () => undefined,
    ...options,
  });
  const record = (name: string, properties: Record<string, string> = {}): void =>
    timeline.onTelemetry({ data: { baseData: { name, properties: { target, endpoint, ...properties } } } });
  const texts = (): string[] => lines.map((line) => line.replace(/^ *\d+\.\d s /, ''));
  return { timeline, record, lines, texts, kinds: () => audits.map(({ kind }) => kind) };
}

/** Whether a run has polls that find nothing yet depends on the machine; that each is shown does not. */
test.each<[string, Record<string, string>, string]>([
  [
    'decided',
    { effect: 'approve', rules: '["zones"]', reason: 'In a zone', mode: 'enforce' },
    'decided    kv-1/pe-1                     approve by zones: In a zone',
  ],
  [
    'decided',
    { effect: 'approve', rules: '["zones"]', reason: 'In a zone', mode: 'audit' },
    'decided    kv-1/pe-1                     would approve by zones: In a z…',
  ],
  [
    'polled',
    { operationPolls: '2', reason: 'Not done yet' },
    'polled     kv-1/pe-1                     poll 2: Not done yet',
  ],
  [
    'applied',
    { effect: 'approve', operationPolls: '1', reason: 'Read back' },
    'applied    kv-1/pe-1                     approved after 1 poll: Read ba…',
  ],
  [
    'failed',
    { reason: 'Refused', operationError: 'HTTP 400' },
    'failed     kv-1/pe-1                     Refused. HTTP 400',
  ],
])('a record %s has its line', (kind, properties, line) => {
  const { record, texts, kinds } = rig();
  record(`postern.${kind}`, properties);
  expect({ lines: texts(), kinds: kinds() }).toEqual({ lines: [line], kinds: [kind] });
});

test.each(['postern.swept', 'something else'])('%s has none', (name) => {
  const { record, lines, kinds } = rig();
  record(name);
  expect({ lines, kinds: kinds() }).toEqual({ lines: [], kinds: [] });
});

describe('the width of the terminal', () => {
  const long = { effect: 'approve', rules: '["zones"]', reason: 'words '.repeat(60) };

  test.each([40, 80, 132, 250])(
    'no line is wider than %i columns, and the effect and its rule stay',
    (columns) => {
      const { record, lines } = rig({ columns });
      record('postern.decided', long);
      expect(lines[0]?.length).toBeLessThanOrEqual(Math.max(columns, 69));
      expect(lines[0]).toContain('approve by zones');
    },
  );

  test('--verbose cuts nothing', () => {
    const { record, lines } = rig({ verbose: true });
    record('postern.decided', long);
    expect(lines[0]).toContain(long.reason.trimEnd());
  });
});

test.each([false, true])('hostile names and texts are spelled out (verbose: %s)', (verbose) => {
  const { record, timeline, lines } = rig({ verbose, columns: 500 });
  record('postern.decided', {
    endpoint: `${endpoint}\u001b[2J\u202e`,
    effect: 'hold',
    reason: 'a\u001b]0;title\u0007b\u009b31mc\r\nd\u2066',
    rules: JSON.stringify(['\u001b[31m']),
  });
  timeline.onError('bad \u001b[1A\u001b[2K line');
  for (const line of lines) expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain('\\u{1b}]0;title');
});

describe('the policy', () => {
  const broken =
    'The previous policy stays in force: a newer version did not load (1 problems): p.yaml:28:5 unknown key';

  test('another policy in force has one line, with its mode', () => {
    const { record, texts } = rig();
    record('postern.swept', { policyDigest: 'aaaaaaaa1', mode: 'enforce' });
    record('postern.swept', { policyDigest: 'bbbbbbbb2', mode: 'audit' });
    record('postern.swept', { policyDigest: 'bbbbbbbb2', mode: 'audit' });
    expect(texts()).toEqual(['policy     bbbbbbbb                      is in force, in audit mode']);
  });

  test.each(['log first', 'record first'])('a broken version has one whole line (%s)', (order) => {
    const { timeline, record, texts } = rig();
    const isLogFirst = order === 'log first';
    if (isLogFirst) timeline.onError(broken);
    record('postern.refused', { reason: broken, target: '' });
    for (let review = 0; review < 20; review++) timeline.onError(broken);
    expect(texts()).toEqual([(isLogFirst ? 'error' : 'refused').padEnd(11) + broken]);
  });

  test('a broken version that is taken back has a line, and counts as new when it comes again', () => {
    const { timeline, record, texts } = rig();
    const sweep = (): void => record('postern.swept', { policyDigest: 'aaaaaaaa1', mode: 'enforce' });
    for (const isBroken of [true, true, false, false, true]) {
      if (isBroken) timeline.onError(broken);
      sweep();
    }
    expect(texts().map((text) => text.slice(0, 6).trim())).toEqual(['error', 'policy', 'error']);
  });
});

describe('events', () => {
  const event = (subject: string, what = 'Microsoft.Network/privateEndpoints/write') => ({
    eventType: 'write',
    subject,
    data: { operationName: what },
  });

  /** Delivers events to a server that answers `status`. */
  async function deliver(events: object[], status: number, options: Partial<TimelineOptions> = {}) {
    const server = createServer((_request, response) => response.writeHead(status).end());
    const url = `http://127.0.0.1:${await listenOnLoopback(server)}/`;
    const system = rig(options);
    const signal = AbortSignal.timeout(60_000);
    for (const body of events) {
      await system.timeline.send(url, { method: 'POST', headers: {}, body: JSON.stringify([body]), signal });
    }
    await new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    });
    return system;
  }
  const below = `${target}/privateEndpointConnections/pe-1`;

  test('a burst is one line, printed before the decision', async () => {
    const events = [event(below), event(target.toUpperCase()), event(endpoint), event(`${target}2`)];
    const { record, texts } = await deliver(events, 202);
    record('postern.decided', { effect: 'hold', reason: 'No rule' });
    expect(texts()).toEqual([
      'event      4 events                      for 2 targets and 1 endpoint',
      'decided    kv-1/pe-1                     hold: No rule',
    ]);
  });

  test('a burst says what the app did not accept', async () => {
    const { timeline, texts } = await deliver([event(target), event(target)], 503);
    timeline.flush();
    timeline.flush();
    expect(texts()).toEqual(['event      2 events                      2 answered 503; for 1 target']);
  });

  test('an event alone keeps its name', async () => {
    const { timeline, texts } = await deliver([event(endpoint)], 202, { columns: 120 });
    timeline.flush();
    expect(texts()[0]).toMatch(/^event {6}pe-1 +Network\/privateEndpoints\/write → 202$/);
  });

  test('--verbose prints every one', async () => {
    const { texts } = await deliver([event(target), event(target)], 202, { verbose: true });
    expect(texts()).toHaveLength(2);
  });
});
