import { parseFunctions } from '../../../../dev/host/functions';
import type { BindingInfo } from '../../../../dev/host/worker/rpc';

const connection = { kind: 'connectionString', connectionString: 'the-storage' };
const settings = { AzureWebJobsStorage: 'the-storage', QUEUE: 'Reviews', SCHEDULE: '0 * * * * *' };

test('a queue function is read with its settings and its outputs', () => {
  const [parsed] = parse({
    message: { type: 'queueTrigger', direction: 'in', queueName: '%QUEUE%', connection: '' },
    $return: { type: 'queue', direction: 'out', queueName: 'results' },
  });
  expect(parsed).toEqual({
    name: 'work',
    trigger: {
      kind: 'queue',
      name: 'message',
      queueName: 'reviews',
      connection,
    },
    queueOutputs: [{ name: '$return', queueName: 'results', connection }],
    disabled: false,
  });
});

test('a timer says when, whether at the start, and whether it is monitored', () => {
  const [parsed] = parse({ t: { type: 'timerTrigger', schedule: '%SCHEDULE%', runOnStartup: 'true' } });
  expect(parsed?.trigger).toEqual({
    kind: 'timer',
    name: 't',
    schedule: '0 * * * * *',
    runOnStartup: true,
    useMonitor: true,
  });
});

test.each<[string, Record<string, BindingInfo>, string]>([
  ['no trigger', { out: { type: 'queue', direction: 'out', queueName: 'abc' } }, 'exactly one trigger'],
  [
    'two triggers',
    { a: { type: 'eventGridTrigger' }, b: { type: 'eventGridTrigger' } },
    'exactly one trigger',
  ],
  ['an unknown trigger', { a: { type: 'kafkaTrigger' } }, '"kafkatrigger"'],
  ['an input', { a: { type: 'eventGridTrigger' }, b: { type: 'blob', direction: 'in' } }, 'in binding'],
  [
    'an unknown output',
    { a: { type: 'eventGridTrigger' }, b: { type: 'table', direction: 'out' } },
    '"table"',
  ],
  ['a bad queue name', { a: { type: 'queueTrigger', queueName: 'a_b' } }, 'not a valid queue name'],
  ['no queue name', { a: { type: 'queueTrigger' } }, 'queueName'],
  ['an unknown level', { a: { type: 'httpTrigger', authLevel: 'user' } }, 'authLevel'],
  ['a bad binding name', { 'a-b': { type: 'eventGridTrigger' } }, 'not a valid binding name'],
])('a function with %s is refused', (_, bindings, problem) => {
  expect(() => parse(bindings)).toThrow(problem);
});

function parse(bindings: Record<string, BindingInfo>) {
  return parseFunctions([{ name: 'work', bindings }], settings);
}
