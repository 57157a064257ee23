import { setTimeout as sleep } from 'node:timers/promises';
import { hint } from '../system/hint';
import { startSystem, type BenchSystem } from '../system/start-system';
import { until } from '../../dev/lib/until';
import { startRecordingStorage, type RecordingStorage, type StorageRequest } from './recording-storage';
import { recordedIndex, stepFromStorage, type Step, type Trace } from './step';
import { instantVaults, seedVaults, range } from './world';

export interface Recorded {
  readonly trace: Trace;
  /**
   * Storage operations per connection, including the host's for the queues: for one connection alone, and for
   * one of many.
   */
  readonly alone: number;
  readonly amongMany: number;
}

const many = 40;

/** Records the app's calls for one connection, and counts them for many at once. */
export async function recordTrace(root: string): Promise<Recorded> {
  let recording: RecordingStorage | undefined = undefined;
  const system = await startSystem({
    root,
    pollFloorSeconds: 1,
    azure: instantVaults,
    storage: async (azurite) => {
      recording = await startRecordingStorage(azurite);
      return recording.connectionString;
    },
  });
  try {
    const storage = recording!;
    // After the first connection, tables, queues and modules are ready.
    await settle(system, storage, [0]);
    const { busy: one, arm } = await settle(system, storage, [recordedIndex]);
    const { busy: all } = await settle(system, storage, range(2, many));
    return { trace: traceFrom(one, arm), alone: one.length, amongMany: all.length / many };
  } finally {
    await system.close();
    await (recording as RecordingStorage | undefined)?.close();
  }
}

interface ArmRequest {
  readonly step: Step;
  readonly startedMs: number;
}

interface Seen {
  readonly busy: readonly StorageRequest[];
  readonly arm: readonly ArmRequest[];
}

async function settle(
  system: BenchSystem,
  storage: RecordingStorage,
  indices: readonly number[],
): Promise<Seen> {
  const { azure, host } = system;
  const ids = await seedVaults(azure, indices);
  storage.requests.splice(0);
  azure.requests.clear();
  await hint(host.webhook, ids);
  const asked = new Set(ids);
  const applied = async (): Promise<boolean> =>
    (await system.applied()).filter(({ target }) => asked.has(target)).length === ids.length;
  await until('all recorded connections are applied', applied);
  // The message is deleted after the record.
  await sleep(1_000);
  return {
    busy: storage.requests
      .filter(({ isIdle }) => !isIdle)
      .sort((one, other) => one.startedMs - other.startedMs),
    arm: azure.requests.records
      .filter(({ area }) => area === 'arm')
      .map(({ method, path, startedRealMs }) => ({
        step: { kind: 'arm', method, path },
        startedMs: startedRealMs,
      })),
  };
}

/** Splits the calls in two halves. The host's receiving and deleting of the messages delimit them. */
export function traceFrom(storage: readonly StorageRequest[], arm: readonly ArmRequest[]): Trace {
  const [asked] = storage.filter((each) => isOf(each, 'POST', 'reviews'));
  if (asked === undefined) throw new Error('No review was requested');
  const request = stepFromStorage(asked);
  const spares = sparesIn(storage);
  const half = (queue: string): readonly Step[] => {
    const begins = storage.find((each) => isOf(each, 'GET', queue))?.startedMs ?? NaN;
    const isEnd = (each: StorageRequest): boolean =>
      isOf(each, 'DELETE', queue) && !spares.has(deletedMessage(each));
    const ends = storage.find(isEnd)?.startedMs ?? NaN;
    const ours = storage.flatMap((each) => {
      const spare = spares.get(deletedMessage(each));
      if (spare !== undefined) return [{ step: spare, startedMs: each.startedMs }];
      if (isHosts(each) || each === asked) return [];
      return [{ step: stepFromStorage(each), startedMs: each.startedMs }];
    });
    return [...ours, ...arm]
      .filter(({ startedMs }) => startedMs >= begins && startedMs <= ends)
      .sort((one, other) => one.startedMs - other.startedMs)
      .map(({ step }) => step);
  };
  const trace = {
    request: request.kind === 'message' ? request.text : '',
    review: half('reviews'),
    poll: half('operations'),
  };
  if (trace.review.length === 0 || trace.poll.length === 0) throw new Error('Half of the trace is missing');
  return trace;
}

/** Returns the deletion of each spare copy, by the copy's message id. */
function sparesIn(storage: readonly StorageRequest[]): ReadonlyMap<string | undefined, Step> {
  const spares = new Map<string | undefined, Step>();
  for (const each of storage.filter(({ messageId }) => messageId !== undefined)) {
    const step = stepFromStorage(each);
    if (step.kind === 'spare put') spares.set(each.messageId, { ...step, kind: 'spare delete' });
  }
  return spares;
}

/** Returns the id of the message that a request deletes. */
function deletedMessage({ service, method, path }: StorageRequest): string | undefined {
  if (service !== 'queue' || method !== 'DELETE') return undefined;
  return /\/messages\/([^/?]+)/.exec(path)?.[1];
}

function isHosts({ service, method }: StorageRequest): boolean {
  return service === 'queue' && method !== 'POST';
}

function isOf({ service, method, path }: StorageRequest, wanted: string, queue: string): boolean {
  return service === 'queue' && method === wanted && path.startsWith(`/${queue}/messages`);
}
