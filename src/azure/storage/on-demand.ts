import { PosternError } from '../../base/errors';
import { withAbortAfter } from '../../base/timeout';
import { failureOf, storageFailure } from './errors';

/** Every call takes these: what hangs is given up, retries included. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
}

const callTimeoutMs = 20_000;

/** A table, queue or container that is opened on first use and made when the service says it is missing. */
export interface OnDemandOptions<Client> {
  /** Loads the SDK and builds the client; sends nothing. */
  open(): Promise<Client>;
  /** Makes the resource; one that is there already is no failure. */
  create(client: Client, options: CallOptions): Promise<unknown>;
  /** The service's code for a missing resource, e.g. `QueueNotFound`. */
  readonly missingCode: string;
}

export class OnDemand<Client> {
  private opened: Promise<Client> | undefined;
  private making: Promise<unknown> | undefined;
  private timesMade = 0;

  constructor(private readonly options: OnDemandOptions<Client>) {}

  /**
   * Runs `work` on the client. If the resource is missing, makes it and runs `work` once more.
   * @throws PosternError STORE_UNAVAILABLE while the service is away; else what `work` throws.
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
      return await withinTime((options) => work(client, options));
    } catch (error) {
      if (failureOf(error).code !== this.options.missingCode) throw error;
      if (this.timesMade === madeBefore) await this.make(client);
      return await withinTime((options) => work(client, options));
    }
  }

  /** Once for all who miss it at the same time. */
  private make(client: Client): Promise<unknown> {
    this.making ??= withinTime((options) => this.options.create(client, options))
      .then(() => (this.timesMade += 1))
      .finally(() => (this.making = undefined));
    return this.making;
  }
}

function withinTime<T>(call: (options: CallOptions) => Promise<T>): Promise<T> {
  return withAbortAfter(callTimeoutMs, (abortSignal) => call({ abortSignal }));
}

/** A table, queue or container is not there. Carries the status that its service answered with. */
export class StorageMissing extends PosternError {
  readonly statusCode = 404;

  constructor(label: string) {
    super('STORE_UNAVAILABLE', `the ${label} is not there: the app has never run with this storage`);
  }
}

const missingCodes: ReadonlySet<string | undefined> = new Set([
  'TableNotFound',
  'QueueNotFound',
  'ContainerNotFound',
]);

/** For those who only look: the same resource, but what is missing is not made. */
export class ExistingOnly<Client> extends OnDemand<Client> {
  constructor(
    private readonly inner: OnDemand<Client>,
    /** E.g. `table ledger`. */
    private readonly label: string,
  ) {
    const never = (): Promise<never> => Promise.reject(new StorageMissing(label));
    super({ open: never, create: never, missingCode: 'never' });
  }

  /** @throws StorageMissing when the resource is not there; else as `OnDemand` does. */
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
