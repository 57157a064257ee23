import type { Clock } from '../../base/clock';
import { PosternError } from '../../base/errors';
import { withAbortAfter } from '../../base/timeout';
import { failureOf, storageFailure } from './errors';

/** The options of every call: it is aborted, retries included, when it takes too long. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
}

const callTimeoutMs = 20_000;

/** How to open a table, queue or container, and how to create it when it is missing. */
export interface OnDemandOptions<Client> {
  readonly clock: Clock;
  /** Loads the SDK and builds the client; sends nothing. */
  open(): Promise<Client>;
  /** Creates the resource; an existing one is not a failure. */
  create(client: Client, options: CallOptions): Promise<unknown>;
  /** The service's code for a missing resource, e.g. `QueueNotFound`. */
  readonly missingCode: string;
}

/**
 * A table, queue or container that is opened on first use, and created when the service says that it is
 * missing.
 */
export class OnDemand<Client> {
  private opened: Promise<Client> | undefined;
  private making: Promise<unknown> | undefined;
  private timesMade = 0;

  constructor(readonly options: OnDemandOptions<Client>) {}

  /**
   * Runs `work` on the client. If the resource is missing, creates it and runs `work` once more. @throws
   * PosternError STORE_UNAVAILABLE while the service is unavailable; otherwise what `work` throws.
   */
  async use<T>(work: (client: Client, options: CallOptions) => Promise<T>): Promise<T> {
    try {
      return await this.madeIfMissing(work);
    } catch (error) {
      throw storageFailure(error);
    }
  }

  private async madeIfMissing<T>(work: (client: Client, options: CallOptions) => Promise<T>): Promise<T> {
    this.opened ??= this.options.open();
    const client = await this.opened;
    const madeBefore = this.timesMade;
    try {
      return await this.withinTime((options) => work(client, options));
    } catch (error) {
      if (failureOf(error).code !== this.options.missingCode) throw error;
      if (this.timesMade === madeBefore) await this.make(client);
      return await this.withinTime((options) => work(client, options));
    }
  }

  /** Creates the resource, once for all calls that miss it at the same time. */
  private make(client: Client): Promise<unknown> {
    this.making ??= this.withinTime((options) => this.options.create(client, options))
      .then(() => (this.timesMade += 1))
      .finally(() => (this.making = undefined));
    return this.making;
  }

  private withinTime<U>(call: (options: CallOptions) => Promise<U>): Promise<U> {
    const { clock } = this.options;
    return withAbortAfter({ clock, ms: callTimeoutMs }, (abortSignal) => call({ abortSignal }));
  }
}

/** The error for a table, queue or container that does not exist, with the status of the service's reply. */
export class StorageMissing extends PosternError {
  readonly statusCode = 404;

  constructor(label: string) {
    super('STORE_UNAVAILABLE', `the ${label} does not exist: the app has never run with this storage`);
  }
}

const missingCodes: ReadonlySet<string | undefined> = new Set([
  'TableNotFound',
  'QueueNotFound',
  'ContainerNotFound',
]);

/** Read-only access: a missing table, queue or container is reported, not created. */
export class ExistingOnly<Client> extends OnDemand<Client> {
  constructor(
    private readonly inner: OnDemand<Client>,
    /** E.g. `table ledger`. */
    private readonly label: string,
  ) {
    const never = (): Promise<never> => Promise.reject(new StorageMissing(label));
    super({ ...inner.options, open: never, create: never });
  }

  /**
   * Runs `work` on the client. @throws StorageMissing when the resource does not exist; otherwise as
   * `OnDemand` does.
   */
  override use<T>(work: (client: Client, options: CallOptions) => Promise<T>): Promise<T> {
    return this.inner.use(async (client, options) => {
      try {
        return await work(client, options);
      } catch (error) {
        if (!missingCodes.has(failureOf(error).code)) throw error;
        throw new StorageMissing(this.label);
      }
    });
  }
}
