import type { ArmRequest } from './record';
import type { StorageRequest } from '../system/recording-storage';
import { stepFromStorage, type Step, type Trace } from './step';

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
