import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import {
  observationsOfRecording,
  recentOnly,
  type RecordedInteraction,
} from '../../../scripts/durations/observations.mjs';

const root = join(__dirname, '../../..');

test('the durations are as the recordings say', () => {
  const run = (): string =>
    execFileSync(process.execPath, ['scripts/durations.mjs', '--check'], { cwd: root, encoding: 'utf8' });
  expect(run).not.toThrow();
});

const connection = 'https://management.azure.com/target/privateEndpointConnections/one';
const operation = 'https://management.azure.com/operations/1';

function at(
  second: number,
  rest: Partial<RecordedInteraction['response']> = {},
): RecordedInteraction['response'] {
  const date = new Date(Date.UTC(2026, 0, 5, 12, 0, second)).toUTCString();
  return { status: 200, body: null, ...rest, headers: { date, ...rest.headers } };
}

const read = (url: string, second: number, body: object | null, status = 200): RecordedInteraction => ({
  request: { method: 'GET', url, body: null },
  response: at(second, { body, status }),
});

function connectionBody(status: string, provisioningState?: string): object {
  return { properties: { provisioningState, privateLinkServiceConnectionState: { status } } };
}

function write(status: number, operationUrl?: string): RecordedInteraction {
  const headers = operationUrl === undefined ? undefined : { 'azure-asyncoperation': operationUrl };
  return {
    request: { method: 'PUT', url: `${connection}?api-version=1`, body: connectionBody('Approved') },
    response: at(0, { status, ...(headers && { headers }) }),
  };
}

function spans(...interactions: readonly RecordedInteraction[]): readonly (readonly [number, number])[] {
  const recording = { type: 'Contoso.Data/stores', terminal: ['Succeeded'], recorded: '2026', interactions };
  return observationsOfRecording(recording).map(({ from, to }) => [from, to] as const);
}

const first = write(202, operation);

describe('the span in which a recorded write ended', () => {
  test('lies between the last read that shows it running and the first that shows its end', () => {
    expect(
      spans(
        first,
        read(operation, 10, { status: 'InProgress' }),
        read(operation, 20, { status: 'Updating' }),
        read(operation, 31, { status: 'Succeeded' }),
      ),
    ).toEqual([[20, 31]]);
  });

  test('is read from the connection, too: the old status or another state is not the end', () => {
    expect(
      spans(
        first,
        read(connection, 10, connectionBody('Pending', 'Succeeded')),
        read(connection, 20, connectionBody('Approved', 'Updating')),
        read(connection, 30, connectionBody('Approved', 'Succeeded')),
      ),
    ).toEqual([[20, 30]]);
  });

  test.each([
    ['an operation that failed', [first, read(operation, 9, { status: 'Failed' })]],
    ['one whose end no read shows', [first, read(operation, 9, { status: 'InProgress' })]],
    [
      'a read of something else',
      [first, read('https://management.azure.com/else', 9, { status: 'Succeeded' })],
    ],
    ['a read after another write', [first, first, read('https://management.azure.com/else', 9, null)]],
    ['a write that was refused', [write(409, operation), read(operation, 9, { status: 'Succeeded' })]],
    [
      'a write without an operation',
      [write(200), read(connection, 9, connectionBody('Approved', 'Succeeded'))],
    ],
  ])('is not known of %s', (_, interactions) => {
    expect(spans(...interactions)).toEqual([]);
  });
});

test('recordings that are two years older than the newest of their type do not count', () => {
  const one = { type: 'a', effect: 'approve', from: 0, to: 1 } as const;
  const all = [
    { ...one, recorded: '2021-12-31' },
    { ...one, recorded: '2022-01-01' },
    { ...one, recorded: '2023-05-01' },
    { ...one, type: 'b', recorded: '2019' },
  ];
  expect(recentOnly(all).map(({ recorded }) => recorded)).toEqual(['2022-01-01', '2023-05-01', '2019']);
});
