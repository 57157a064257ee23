import { randomBytes, randomUUID } from 'node:crypto';
import { HostError, messageOf } from './errors';
import type { HostedFunction } from './functions';
import type { HostLog } from './log-line';
import type { QueueOutputWriter } from './queue/queue-output';
import { longestWaitMs } from './timer/time-span';
import type { InvocationRequest, InvocationResponse, TypedData } from './worker/rpc';

export interface Occasion {
  /** The trigger's value. */
  readonly data: TypedData;
  readonly triggerMetadata?: Record<string, TypedData>;
  /** A W3C `traceparent` to continue. Absent: a new trace starts. */
  readonly traceParent?: string | undefined;
}

/** Runs a function once, including its output bindings. Rejects if the function or an output fails. */
export type Invoke = (target: HostedFunction, occasion: Occasion) => Promise<InvocationResponse>;

export interface InvokerOptions {
  readonly run: (functionName: string, request: InvocationRequest) => Promise<InvocationResponse>;
  /** Ends the worker that runs this invocation. */
  readonly restartFor: (invocationId: string) => void;
  /** The time limit of one invocation; undefined: no limit. */
  readonly timeoutMs: number | undefined;
  /** Additional time after the limit, before the worker is killed. */
  readonly timeoutGraceMs: number;
  readonly outputs: QueueOutputWriter;
  readonly log: HostLog;
}

/** Runs invocations from trigger to outputs, for all kinds of trigger. */
export class Invoker {
  readonly #options: InvokerOptions;
  readonly #inFlight = new Set<Promise<unknown>>();

  constructor(options: InvokerOptions) {
    this.#options = options;
  }

  readonly invoke: Invoke = (target, occasion) => {
    const invocation = this.#invoke(target, occasion);
    const settled = invocation.catch(() => undefined).finally(() => this.#inFlight.delete(settled));
    this.#inFlight.add(settled);
    return invocation;
  };

  /** Resolves when the present invocations have ended. */
  async drained(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  /** Resolves when no invocation runs, including those that start meanwhile. */
  async idle(): Promise<void> {
    while (this.#inFlight.size > 0) await this.drained();
  }

  async #invoke(target: HostedFunction, occasion: Occasion): Promise<InvocationResponse> {
    const invocationId = randomUUID();
    const where = { category: 'host', function: target.name, invocationId } as const;
    this.#options.log({ ...where, level: 'debug', message: 'Executing.' });
    try {
      const request = requestFor(target, occasion, invocationId);
      const response = await this.#withinTime(target, request);
      // The handler is done. A failed write fails the invocation, but earlier writes remain.
      await this.#options.outputs.write(target, response);
      this.#options.log({ ...where, level: 'debug', message: 'Succeeded.' });
      return response;
    } catch (error) {
      const detail = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      this.#options.log({ ...where, level: 'error', message: `Failed: ${messageOf(detail)}` });
      throw error;
    }
  }

  /** Fails an invocation that exceeds its time limit and the additional time, and ends its worker. */
  async #withinTime(target: HostedFunction, request: InvocationRequest): Promise<InvocationResponse> {
    const { run, restartFor, timeoutMs, timeoutGraceMs } = this.#options;
    const running = run(target.name, request);
    if (timeoutMs === undefined) return running;
    const isOver = (await settledWithin(running, timeoutMs)) === 'late';
    if (!isOver) return running;
    const problem = `Timeout value of ${timeoutMs / 1000} s exceeded by function '${target.name}'.`;
    const { invocationId } = request;
    this.#options.log({
      level: 'error',
      category: 'host',
      function: target.name,
      invocationId,
      message: problem,
    });
    if ((await settledWithin(running, timeoutGraceMs)) === 'late') restartFor(invocationId);
    throw new HostError('HOST_INVOCATION_FAILED', problem);
  }
}

async function settledWithin(running: Promise<unknown>, milliseconds: number): Promise<'settled' | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), Math.min(milliseconds, longestWaitMs));
    timer.unref();
  });
  const settled = running.then(
    () => 'settled' as const,
    () => 'settled' as const,
  );
  const first = await Promise.race([settled, late]);
  clearTimeout(timer);
  return first;
}

function requestFor(target: HostedFunction, occasion: Occasion, invocationId: string): InvocationRequest {
  return {
    invocationId,
    functionId: target.name,
    inputData: [{ name: target.trigger.name, data: occasion.data }],
    triggerMetadata: occasion.triggerMetadata ?? {},
    traceContext: {
      traceParent: continueTrace(occasion.traceParent),
      traceState: '',
      attributes: { InvocationId: invocationId },
    },
  };
}

function continueTrace(traceParent: string | undefined): string {
  const given = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/.exec(traceParent ?? '');
  const traceId = given?.[1] ?? randomBytes(16).toString('hex');
  return `00-${traceId}-${randomBytes(8).toString('hex')}-${given?.[2] ?? '01'}`;
}
