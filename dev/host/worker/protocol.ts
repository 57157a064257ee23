import type { FunctionMetadata, InvocationRequest, InvocationResponse, LogCategory, LogLevel } from './rpc';

/** What the host sends to its worker. `start` comes first and once. */
export type ToWorker =
  | { kind: 'start'; appDirectory: string; hostVersion: string }
  | { kind: 'invoke'; functionName: string; request: InvocationRequest }
  | { kind: 'stop' };

/** What the worker sends to its host. After `start` comes exactly one of `started` and `startFailed`. */
export type FromWorker =
  | { kind: 'started'; functions: FunctionMetadata[]; capabilities: Record<string, string> }
  | { kind: 'startFailed'; message: string }
  | { kind: 'succeeded'; invocationId: string; response: InvocationResponse }
  | { kind: 'failed'; invocationId: string; message: string; stack: string }
  | WorkerLog;

export interface WorkerLog {
  kind: 'log';
  level: LogLevel;
  category: LogCategory;
  functionName?: string;
  invocationId?: string;
  message: string;
}
