import type { StorageRequest } from '../system/recording-storage';
import type { ArmRequest } from './record';
import { stepFromStorage, type Phase, type QueueName, type Step, type Trace } from './step';

/**
 * Splits the calls for one connection into phases. A new one begins whenever the host receives a message. What the host
 * does is left out: it receives, hides and deletes messages that it has received; the app does so only with messages that
 * nobody has received.
 * @throws Error if there are no calls, or one that cannot be repeated.
 */
export function traceFrom(storage: readonly StorageRequest[], arm: readonly ArmRequest[]): Trace {
  const received = new Set(storage.flatMap((each) => each.received ?? []));
  const begins = storage.flatMap((each) => receiveOf(each) ?? []);
  const ours: readonly ArmRequest[] = storage
    .filter((each) => !isHosts(each, received))
    .map((each) => ({
      step: stepFromStorage(each, received.has(each.messageId ?? '')),
      startedMs: each.startedMs,
    }));
  const calls = [...ours, ...arm].sort((one, other) => one.startedMs - other.startedMs);
  const phases = [{ trigger: undefined, startedMs: -Infinity }, ...begins].map(
    ({ trigger, startedMs }, index): Phase => {
      const endedMs = begins[index]?.startedMs ?? Infinity;
      const steps = calls.filter((call) => call.startedMs >= startedMs && call.startedMs < endedMs);
      return { trigger, steps: steps.map(({ step }) => step) };
    },
  );
  if (!phases.some(({ steps }) => steps.some(isWrite))) throw new Error('The trace has no write to ARM');
  const messages = phases.flatMap(({ steps }) => steps).filter(({ kind }) => kind === 'message');
  if (messages.length !== begins.length)
    throw new Error('The host received a message that is not in the trace');
  return phases;
}

function receiveOf({
  path,
  received = [],
  startedMs,
}: StorageRequest): { readonly trigger: QueueName; readonly startedMs: number } | undefined {
  if (received.length === 0) return undefined;
  if (received.length > 1) throw new Error('The host received messages of several connections at once');
  return { trigger: path.startsWith('/reviews/') ? 'reviews' : 'operations', startedMs };
}

function isHosts({ service, method, path, status }: StorageRequest, received: ReadonlySet<string>): boolean {
  if (service !== 'queue' || method === 'POST') return false;
  const message = /\/messages\/([^/?]+)/.exec(path)?.[1];
  if (message === undefined) return true;
  // The app removes hidden messages only, so that a refusal means that the host was faster.
  return received.has(message) && status < 400;
}

function isWrite(step: Step): boolean {
  return step.kind === 'arm' && step.method === 'PUT';
}
