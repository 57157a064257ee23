import { randomBytes, randomUUID } from 'node:crypto';
import { messageOf } from './errors';
import type { HostedFunction } from './functions';
import type { HostLog } from './log-line';
import type { QueueOutputWriter } from './queue-output';
import type { InvocationRequest, InvocationResponse, TypedData } from './rpc';

export interface Occasion {
  /** The trigger's value. */
  data: TypedData;
  triggerMetadata?: Record<string, TypedData>;
  /** A W3C `traceparent` to continue; without it a new trace begins. */
  traceParent?: string | undefined;
}

/** Runs a function once, its output bindings included. Rejects when the function or an output failed. */
export type Invoke = (target: HostedFunction, occasion: Occasion) => Promise<InvocationResponse>;

export interface InvokerOptions {
  run: (functionName: string, request: InvocationRequest) => Promise<InvocationResponse>;
  outputs: QueueOutputWriter;
  log: HostLog;
}

/** The way from a trigger through the worker to the outputs, the same for all kinds of trigger. */
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

  /** Resolves when nothing is in flight, whatever came in meanwhile. */
  async idle(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  async #invoke(target: HostedFunction, occasion: Occasion): Promise<InvocationResponse> {
    const invocationId = randomUUID();
    const where = { category: 'host', function: target.name, invocationId } as const;
    this.#options.log({ ...where, level: 'debug', message: 'Executing.' });
    try {
      const request = requestFor(target, occasion, invocationId);
      const response = await this.#options.run(target.name, request);
      // The handler is done; a failed write fails the invocation, and what was written stays written.
      await this.#options.outputs.write(target, response);
      this.#options.log({ ...where, level: 'debug', message: 'Succeeded.' });
      return response;
    } catch (error) {
      const detail = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      this.#options.log({ ...where, level: 'error', message: `Failed: ${messageOf(detail)}` });
      throw error;
    }
  }
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
