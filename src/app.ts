import type { Config } from './config/config';
import type { Logger } from './base/logger';
import type { Parts } from './compose';
import type { ConsoleLoader } from './console-ports';
import type { ConsoleReply, ConsoleRequest } from './console/http/message';
import type { Platform } from './platform';
import { createInvocationScope, type Invocation } from './worker/invocation';
import { createSmallHeap } from './worker/heap-growth';

export { hasConsole, hasEventTopic, sweepSchedule } from './config/registration';

/**
 * The use cases that the triggers call. Every method flushes the audit log before it resolves or
 * rejects.
 */
export interface App {
  takeEvent(event: unknown, invocation: Invocation): Promise<void>;
  reviewTarget(message: unknown, invocation: Invocation): Promise<void>;
  pollOperation(message: unknown, invocation: Invocation): Promise<void>;
  tellOutcome(message: unknown, invocation: Invocation): Promise<void>;
  sweep(invocation: Invocation): Promise<void>;
  followPolicy(invocation: Invocation): Promise<void>;
  abandonReview(message: unknown, invocation: Invocation): Promise<void>;
  abandonOperation(message: unknown, invocation: Invocation): Promise<void>;
  /** Answers a request of the console. Never rejects: a failure is a reply, too. */
  answerConsole(request: ConsoleRequest, invocation: Invocation): Promise<ConsoleReply>;
}

/** Options of `createApp`. */
export interface AppOptions {
  /** Returns the app's folder, which is known only after the worker has started. */
  readonly directory: () => string;
  /** Reads the settings. Default: from the environment. */
  readonly readSettings?: () => Config;
  /** Creates what is outside the app. Default: that of a deployed app. */
  readonly createPlatform?: (config: Config, directory: string, logger: Logger) => Platform;
}

/** Not among what compose itself imports: these files load all that it has loaded, and a little more. */
const consoleLoader: ConsoleLoader = {
  page: () => import('./compose-console'),
  index: () => import('./compose-console-index'),
};

/**
 * Creates the app, which loads and builds everything else at its first invocation: once per worker,
 * so that a cold start loads only this file. An invalid setting fails each invocation with an error
 * that names every problem; the settings are read again at the next invocation.
 */
export function createApp(options: AppOptions): App {
  const scope = createInvocationScope();
  const keepHeapSmall = createSmallHeap();
  let building: Promise<Parts> | undefined;

  async function build(): Promise<Parts> {
    const { logger } = scope;
    const { compose, createPlatform, readConfig } = await import('./composition');
    const config = (options.readSettings ?? readConfig)();
    const directory = options.directory();
    const platform = (options.createPlatform ?? createPlatform)(config, directory, logger);
    const { types } = platform;
    const whole =
      types === undefined
        ? config
        : await (await import('./config/types/load-types')).loadOwnTypes(config, types);
    return compose({ config: whole, directory, logger, platform, console: consoleLoader });
  }

  async function run<T>(work: (parts: Parts) => Promise<T>): Promise<T> {
    building ??= build();
    const parts = await building.catch((error: unknown) => {
      building = undefined;
      throw error;
    });
    try {
      return await work(parts);
    } finally {
      await parts.audit.flush();
      keepHeapSmall();
    }
  }

  /**
   * Rewrites the stack of an error to lines of the sources instead of the bundle, wherever the host
   * shows it, and throws the error.
   */
  async function fail(error: unknown): Promise<never> {
    const { showSources } = await import('./worker/source-maps');
    await showSources(error, options.directory());
    throw error;
  }

  /**
   * Limits heap growth before the work instead of after it. A sweep is long, and its first second
   * is not urgent.
   */
  function withSmallHeap<T>(work: () => T): T {
    keepHeapSmall();
    return work();
  }

  async function within<T>(invocation: Invocation, work: (parts: Parts) => Promise<T>): Promise<T> {
    try {
      // Before the first scope begins: from then on, Node.js 20 and 22 track each promise, also those of their own
      // module loader, which makes loading slower by a tenth and larger by 4 MB.
      await import('./composition');
      return await scope.run(invocation, () => run(work));
    } catch (error) {
      return await fail(error);
    }
  }

  return {
    takeEvent: (event, invocation) =>
      within(invocation, (parts) => parts.takeEvent(event, invocation.traceId)),
    reviewTarget: (message, invocation) =>
      within(invocation, (parts) => parts.reviewTarget(message, invocation.deliveries ?? 1)),
    pollOperation: (message, invocation) =>
      within(invocation, (parts) => parts.pollOperation(message, invocation.deliveries ?? 1)),
    tellOutcome: (message, invocation) =>
      within(invocation, (parts) => parts.tellOutcome(message, invocation.deliveries ?? 1)),
    sweep: (invocation) =>
      within(invocation, async (parts) => void (await withSmallHeap(() => parts.sweep(invocation.traceId)))),
    followPolicy: (invocation) =>
      within(invocation, (parts) => withSmallHeap(() => parts.followPolicy(invocation.traceId))),
    abandonReview: (message, invocation) =>
      within(invocation, (parts) => parts.abandonReview(message, invocation.deliveries ?? 1)),
    abandonOperation: (message, invocation) =>
      within(invocation, (parts) => parts.abandonOperation(message, invocation.deliveries ?? 1)),
    answerConsole: async (request, invocation) => {
      const { answerSafely } = await import('./console/http/answer-safely');
      return answerSafely(invocation.logger, () =>
        within(invocation, (parts) => parts.answerConsole(request)),
      );
    },
  };
}
