import { createTimeline } from '../../../../dev/start/timeline';
import type { AuditEvent } from '../../../../dev/start/audit-event';

const target =
  '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-1';
const endpoint =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/pe-1';

function told(name: string, properties: Record<string, string>) {
  const lines: string[] = [];
  const audits: AuditEvent[] = [];
  const timeline = createTimeline({
    print: (line) => lines.push(line.replace(/^ *\d+\.\d s {2}/, '')),
    color: false,
    onAudit: (event) => audits.push(event),
    onRequest: () => undefined,
  });
  timeline.onTelemetry({ data: { baseData: { name, properties: { target, endpoint, ...properties } } } });
  return { lines, kinds: audits.map(({ kind }) => kind) };
}

/** Whether a run has looks that find nothing yet depends on the machine; that each is shown does not. */
test.each<[string, Record<string, string>, string]>([
  [
    'decided',
    { effect: 'approve', rules: '["zones"]', reason: 'In a zone' },
    'decided    kv-1/pe-1                      approve by zones: In a zone',
  ],
  [
    'polled',
    { operationPolls: '2', reason: 'Not done yet' },
    'polled     kv-1/pe-1                      poll 2: Not done yet',
  ],
  [
    'applied',
    { operationPolls: '1', reason: 'Read back' },
    'applied    kv-1/pe-1                      Read back, after 1 poll',
  ],
  [
    'failed',
    { reason: 'Refused', operationError: 'HTTP 400' },
    'failed     kv-1/pe-1                      Refused. HTTP 400',
  ],
])('a record %s has its line', (kind, properties, line) => {
  expect(told(`postern.${kind}`, properties)).toEqual({ lines: [line], kinds: [kind] });
});

test.each(['postern.swept', 'something else'])('%s has none', (name) => {
  expect(told(name, {})).toEqual({ lines: [], kinds: [] });
});
