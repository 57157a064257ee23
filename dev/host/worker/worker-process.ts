import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { HostError } from '../errors';
import type { HostLog } from '../log-line';
import type { FromWorker, ToWorker } from './protocol';
import type { FunctionMetadata, InvocationRequest, InvocationResponse } from './rpc';

export interface WorkerOptions {
  /** The bundled worker program. */
  readonly workerPath: string;
  readonly appDirectory: string;
  /** The app's whole environment. */
  readonly env: Record<string, string>;
  readonly nodePath: string;
  readonly nodeArgs: readonly string[];
  readonly hostVersion: string;
  readonly log: HostLog;
}

interface Pending {
  readonly resolve: (response: InvocationResponse) => void;
  readonly reject: (error: HostError) => void;
}

/** How a process ended: its exit code or signal, and whether the exit code was 0. */
export interface WorkerEnd {
  readonly how: string;
  readonly isClean: boolean;
}

/**
 * One worker process with the app loaded. It ends once and is not reused; `ended` says how. Its running
 * invocations then fail, except after a clean end and after `abandon`: the real host is not notified of
 * these, so the invocations hang.
 */
export class WorkerProcess {
  readonly functions: readonly FunctionMetadata[];
  readonly capabilities: Record<string, string>;
  readonly ended: Promise<WorkerEnd>;
  readonly #child: ChildProcess;
  readonly #pending = new Map<string, Pending>();
  #isAbandoned = false;

  private constructor(
    child: ChildProcess,
    ended: Promise<WorkerEnd>,
    started: Extract<FromWorker, { readonly kind: 'started' }>,
  ) {
    this.#child = child;
    this.functions = started.functions;
    this.capabilities = started.capabilities;
    child.on('message', (message) => this.#receive(message as FromWorker));
    this.ended = ended.then((end) => {
      if (!end.isClean && !this.#isAbandoned) this.#failAll(end.how);
      return end;
    });
  }

  /**
   * Starts a worker and resolves when the app is loaded. Rejects with HOST_APP_INVALID if it cannot be
   * loaded.
   */
  static async start(options: WorkerOptions): Promise<WorkerProcess> {
    const child = spawn(options.nodePath, [...options.nodeArgs, options.workerPath], {
      cwd: options.appDirectory,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    const ended = endOf(child);
    relayLog(child, options.log);
    relayOutput(child.stdout, 'information', options.log);
    relayOutput(child.stderr, 'warning', options.log);
    const { appDirectory, hostVersion } = options;
    sendTo(child, { kind: 'start', appDirectory, hostVersion });
    try {
      return new WorkerProcess(child, ended, await startedBy(child, ended));
    } catch (error) {
      child.kill('SIGKILL');
      await ended;
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /**
   * Runs a function once. Rejects with HOST_INVOCATION_FAILED (and the function's own message) or
   * HOST_WORKER_GONE. Never settles after a clean end of the process.
   */
  invoke(functionName: string, request: InvocationRequest): Promise<InvocationResponse> {
    return new Promise((resolve, reject) => {
      this.#pending.set(request.invocationId, { resolve, reject });
      sendTo(this.#child, { kind: 'invoke', functionName, request });
    });
  }

  isExecuting(invocationId: string): boolean {
    return this.#pending.has(invocationId);
  }

  /** Ends the process and leaves running invocations to their timeouts. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#child.kill('SIGKILL');
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Runs the appTerminate hooks and waits for the end. Kills the process after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    if (this.#child.connected) sendTo(this.#child, { kind: 'stop' });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  #failAll(how: string): void {
    for (const { reject } of this.#pending.values()) {
      reject(new HostError('HOST_WORKER_GONE', `The worker ended during the invocation (${how}).`));
    }
    this.#pending.clear();
  }

  #receive(message: FromWorker): void {
    if (message.kind !== 'succeeded' && message.kind !== 'failed') return;
    const pending = this.#pending.get(message.invocationId);
    this.#pending.delete(message.invocationId);
    if (message.kind === 'succeeded') return pending?.resolve(message.response);
    const cause = new Error(message.stack);
    pending?.reject(new HostError('HOST_INVOCATION_FAILED', message.message, { cause }));
  }
}

/** Sends a message. If the worker has just ended, its end is reported, not the failed send. */
function sendTo(child: ChildProcess, message: ToWorker): void {
  child.send(message, () => undefined);
}

function endOf(child: ChildProcess): Promise<WorkerEnd> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ how: error.message, isClean: false }));
    // 'close' is emitted after 'exit' and after the last line of output.
    child.on('close', (code, signal) => resolve({ how: signal ?? `exit code ${code}`, isClean: code === 0 }));
  });
}

async function startedBy(
  child: ChildProcess,
  ended: Promise<WorkerEnd>,
): Promise<Extract<FromWorker, { readonly kind: 'started' }>> {
  const answered = new Promise<FromWorker>((resolve) => {
    child.on('message', (message) => {
      const { kind } = message as FromWorker;
      if (kind === 'started' || kind === 'startFailed') resolve(message as FromWorker);
    });
  });
  const first = await Promise.race([answered, ended]);
  if ('how' in first) {
    throw new HostError('HOST_APP_INVALID', `The worker ended while it loaded the app (${first.how}).`);
  }
  if (first.kind === 'startFailed') throw new HostError('HOST_APP_INVALID', first.message);
  if (first.kind !== 'started') throw new HostError('HOST_APP_INVALID', `Unexpected answer "${first.kind}".`);
  return first;
}

function relayLog(child: ChildProcess, log: HostLog): void {
  child.on('message', (received) => {
    const message = received as FromWorker;
    if (message.kind !== 'log' || message.level === 'none') return;
    const { level, category, functionName, invocationId } = message;
    log({
      level,
      category,
      message: message.message,
      ...(functionName === undefined ? {} : { function: functionName }),
      ...(invocationId === undefined ? {} : { invocationId }),
    });
  });
}

function relayOutput(stream: Readable | null, level: 'information' | 'warning', log: HostLog): void {
  if (stream === null) return;
  createInterface({ input: stream }).on('line', (message) => log({ level, category: 'console', message }));
}
