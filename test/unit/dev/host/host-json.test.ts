import { availableParallelism } from 'node:os';
import { parseHostJson } from '../../../../dev/host/host-json';
import { parseTimeSpanMs } from '../../../../dev/host/timer/time-span';

test('a host.json that says nothing gets the defaults of the host', () => {
  expect(parseHostJson({ version: '2.0' }, {})).toEqual({
    routePrefix: 'api',
    functionTimeoutMs: 1_800_000,
    queues: {
      batchSize: 16,
      newBatchThreshold: 8 * availableParallelism(),
      maxDequeueCount: 5,
      maxPollingIntervalMs: 60_000,
      visibilityTimeoutMs: 0,
      messageEncoding: 'base64',
    },
  });
});

test('a function may take as long as it likes', () => {
  expect(parseHostJson({ version: '2.0', functionTimeout: '-1' }, {}).functionTimeoutMs).toBeUndefined();
});

test('what it says counts, and settings count more', () => {
  const json = {
    version: '2.0',
    functionTimeout: '00:05:00',
    extensions: {
      http: { routePrefix: '/v1/' },
      queues: {
        batchSize: 3,
        newBatchThreshold: 0,
        maxPollingInterval: '00:00:02',
        visibilityTimeout: '00:00:30',
        messageEncoding: 'None',
      },
    },
  };
  const settings = {
    AzureFunctionsJobHost__extensions__queues__visibilityTimeout: '00:00:00',
    AzureFunctionsJobHost__extensions__queues__MaxDequeueCount: '2',
    AzureWebJobsStorage: 'not for host.json',
  };
  expect(parseHostJson(json, settings)).toEqual({
    routePrefix: 'v1',
    functionTimeoutMs: 300_000,
    queues: {
      batchSize: 3,
      newBatchThreshold: 0,
      maxDequeueCount: 2,
      maxPollingIntervalMs: 2_000,
      visibilityTimeoutMs: 0,
      messageEncoding: 'none',
    },
  });
});

test.each([
  ['no version', {}, 'version'],
  ['another version', { version: '1.0' }, 'must be'],
  ['a batch that storage refuses', withQueues({ batchSize: 33 }), 'batchSize'],
  ['a polling interval below 100 ms', withQueues({ maxPollingInterval: '00:00:00.05' }), 'at least'],
  ['a time that is none', withQueues({ visibilityTimeout: '30 s' }), 'not a time span'],
  ['an unknown encoding', withQueues({ messageEncoding: 'hex' }), 'messageEncoding'],
])('%s is refused', (_, json, problem) => {
  expect(() => parseHostJson(json, {})).toThrow(problem);
});

test.each([
  ['00:00:30', 30_000],
  ['1.02:03:04.5', 93_784_500],
  ['00:00:00.1', 100],
  ['24:00:00', undefined],
  ['00:60:00', undefined],
  ['30', undefined],
  ['', undefined],
])('the time span "%s" is %s ms', (text, expected) => {
  expect(parseTimeSpanMs(text)).toBe(expected);
});

function withQueues(queues: Record<string, unknown>): unknown {
  return { version: '2.0', extensions: { queues } };
}
