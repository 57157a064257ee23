import type { FunctionMetadata, LogCategory, LogLevel } from './rpc';
import type {
  CoreApi,
  DisposableLike,
  FunctionCallback,
  HookCallback,
  HookContext,
  HookData,
  HookName,
  ProgrammingModel,
} from './core-types';

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

export interface LogOrigin {
  readonly functionName: string;
  readonly invocationId: string;
  readonly invocationContext: unknown;
}

export type LogSink = (log: {
  readonly level: LogLevel;
  readonly category: LogCategory;
  readonly message: string;
  readonly origin?: LogOrigin;
}) => void;

const hookNames: ReadonlySet<string> = new Set<HookName>([
  'appStart',
  'appTerminate',
  'preInvocation',
  'postInvocation',
  'log',
]);
/** Function names that the real host accepts. */
const functionNamePattern = /^[a-z][a-z0-9_-]{0,127}$/i;

/** Everything that one app has registered in this process. `lock` ends registration. */
export class AppRegistry {
  readonly functions = new Map<string, RegisteredFunction>();
  /** Shared by all hooks of the app. */
  readonly appHookData: HookData = {};
  /** Shared by the appStart and appTerminate hooks only. */
  readonly appLevelHookData: HookData = {};
  readonly #hooks = new Map<HookName, HookCallback[]>();
  readonly #sink: LogSink;
  #model: ProgrammingModel | undefined;
  #locked = false;

  constructor(sink: LogSink) {
    this.#sink = sink;
  }

  get model(): ProgrammingModel | undefined {
    return this.#model;
  }

  /** Makes any later registration or disposal throw, as after the start of a real worker. */
  lock(): void {
    this.#locked = true;
  }

  hooks(name: HookName): readonly HookCallback[] {
    return this.#hooks.get(name) ?? [];
  }

  /**
   * Logs a line through the log hooks. Their changes apply only to the user's own lines; their errors are
   * ignored.
   */
  log(level: LogLevel, category: LogCategory, message: string, origin?: LogOrigin): void {
    const context: HookContext = {
      hookData: {},
      appHookData: this.appHookData,
      invocationContext: origin?.invocationContext,
      category,
      level,
      message,
    };
    for (const hook of this.hooks('log')) {
      try {
        hook(context);
      } catch {
        // A broken log hook must not break logging.
      }
    }
    const changed = category === 'user';
    this.#sink({
      category,
      level: changed ? (context['level'] as LogLevel) : level,
      message: changed ? String(context['message']) : message,
      ...(origin === undefined ? {} : { origin }),
    });
  }

  /** Returns the object for the library's `require('@azure/functions-core')`. */
  coreApi(hostVersion: string): CoreApi {
    return {
      version: hostVersion,
      hostVersion,
      Disposable: OnceDisposable,
      registerFunction: (metadata, callback) => this.#registerFunction(metadata, callback),
      registerHook: (name, callback) => this.#registerHook(name, callback),
      setProgrammingModel: (model) => {
        if (this.#locked) throw new Error('The programming model can only be set during app start-up.');
        this.#model = model;
      },
      getProgrammingModel: () => this.#model,
      log: (level, category, message) => this.log(level, category, message),
    };
  }

  #registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): DisposableLike {
    if (this.#locked) throw new Error('A function can only be registered during app start-up.');
    const { name } = metadata;
    if (!functionNamePattern.test(name) || name.toLowerCase() === 'host') {
      throw new Error(`"${name}" is not a valid function name.`);
    }
    const key = name.toLowerCase();
    if (this.functions.has(key)) throw new Error(`The function "${name}" is registered twice.`);
    this.functions.set(key, { metadata, callback });
    return new OnceDisposable(() => {
      if (this.#locked) throw new Error('A function can only be disposed of during app start-up.');
      this.functions.delete(key);
    });
  }

  #registerHook(name: string, callback: HookCallback): DisposableLike {
    if (!isHookName(name)) throw new RangeError(`Unrecognized hook "${name}"`);
    const list = this.#hooks.get(name) ?? [];
    this.#hooks.set(name, [...list, callback]);
    return new OnceDisposable(() => {
      this.#hooks.set(
        name,
        this.hooks(name).filter((other) => other !== callback),
      );
    });
  }
}

class OnceDisposable implements DisposableLike {
  #onDispose: (() => unknown) | undefined;

  constructor(onDispose: () => unknown) {
    this.#onDispose = onDispose;
  }

  dispose(): unknown {
    const onDispose = this.#onDispose;
    this.#onDispose = undefined;
    return onDispose?.();
  }
}

function isHookName(name: string): name is HookName {
  return hookNames.has(name);
}
