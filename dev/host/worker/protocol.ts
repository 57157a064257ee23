import type { FunctionMetadata, InvocationRequest, InvocationResponse, LogCategory, LogLevel } from './rpc';

/** Messages from the host to its worker. `start` is sent first, and once. */
export type ToWorker =
  | { readonly kind: 'start'; readonly appDirectory: string; readonly hostVersion: string }
  | { readonly kind: 'invoke'; readonly functionName: string; readonly request: InvocationRequest }
  | { readonly kind: 'stop' };

/**
 * Messages from the worker to its host. `start` is answered by exactly one of `started` and `startFailed`.
 */
export type FromWorker =
  | {
      readonly kind: 'started';
      readonly functions: readonly FunctionMetadata[];
      readonly capabilities: Record<string, string>;
    }
  | { readonly kind: 'startFailed'; readonly message: string }
  | { readonly kind: 'succeeded'; readonly invocationId: string; readonly response: InvocationResponse }
  | {
      readonly kind: 'failed';
      readonly invocationId: string;
      readonly message: string;
      readonly stack: string;
    }
  | WorkerLog;

export interface WorkerLog {
  readonly kind: 'log';
  readonly level: LogLevel;
  readonly category: LogCategory;
  readonly functionName?: string;
  readonly invocationId?: string;
  readonly message: string;
}
