import type { Config } from './config/config';
import type { Parts } from './compose';
import { createInvocationScope, type Invocation } from './worker/invocation';
import { createSmallHeap } from './worker/heap-growth';

export { hasEventTopic, sweepSchedule } from './config/registration';

/** What the triggers call. Every method flushes the audit before it resolves or rejects. */
export interface App {
  takeEvent(event: unknown, invocation: Invocation): Promise<void>;
  reviewTarget(message: unknown, invocation: Invocation): Promise<void>;
  pollOperation(message: unknown, invocation: Invocation): Promise<void>;
  tellOutcome(message: unknown, invocation: Invocation): Promise<void>;
  sweep(invocation: Invocation): Promise<void>;
  followPolicy(invocation: Invocation): Promise<void>;
  abandonReview(message: unknown, invocation: Invocation): Promise<void>;
  abandonOperation(message: unknown, invocation: Invocation): Promise<void>;
}

export interface AppOptions {
  /** The app's folder; known when the worker has started. */
  readonly directory: () => string;
  /** Default: from the environment. */
  readonly readSettings?: () => Config;
}

/**
 * The app, loaded and built at the first invocation: one per worker, and until then nothing but this file.
 * A setting that is wrong fails each invocation with every problem named, and is read anew at the next one.
 */
export function createApp(options: AppOptions): App {
  const scope = createInvocationScope();
  const keepHeapSmall = createSmallHeap();
  let building: Promise<Parts> | undefined;

  async function build(): Promise<Parts> {
    const [{ readConfig }, { compose }] = await Promise.all([import('./config/config'), import('./compose')]);
    return compose((options.readSettings ?? readConfig)(), options.directory(), scope.logger);
  }

  async function run(work: (parts: Parts) => Promise<unknown>): Promise<void> {
    building ??= build();
    const parts = await building.catch((error: unknown) => {
      building = undefined;
      throw error;
    });
    try {
      await work(parts);
    } finally {
      await parts.audit.flush();
      keepHeapSmall();
    }
  }

  /** A failure shows the sources' lines, not the bundle's, wherever the host shows its stack. */
  async function fail(error: unknown): Promise<never> {
    const { showSources } = await import('./worker/source-maps');
    await showSources(error, options.directory());
    throw error;
  }

  /** A sweep is long, and nobody waits for its first second. */
  function sparingly<T>(work: () => T): T {
    keepHeapSmall();
    return work();
  }

  const within = (invocation: Invocation, work: (parts: Parts) => Promise<unknown>): Promise<void> =>
    scope.run(invocation, () => run(work).catch(fail));

  return {
    takeEvent: (event, invocation) =>
      within(invocation, (parts) => parts.takeEvent(event, invocation.traceId)),
    reviewTarget: (message, invocation) =>
      within(invocation, (parts) => parts.reviewTarget(message, invocation.deliveries ?? 1)),
    pollOperation: (message, invocation) =>
      within(invocation, (parts) => parts.pollOperation(message, invocation.deliveries ?? 1)),
    tellOutcome: (message, invocation) =>
      within(invocation, (parts) => parts.tellOutcome(message, invocation.deliveries ?? 1)),
    sweep: (invocation) => within(invocation, (parts) => sparingly(() => parts.sweep(invocation.traceId))),
    followPolicy: (invocation) =>
      within(invocation, (parts) => sparingly(() => parts.followPolicy(invocation.traceId))),
    abandonReview: (message, invocation) =>
      within(invocation, (parts) => parts.abandonReview(message, invocation.deliveries ?? 1)),
    abandonOperation: (message, invocation) =>
      within(invocation, (parts) => parts.abandonOperation(message, invocation.deliveries ?? 1)),
  };
}
