import { failureOf, storageFailure } from './storage-errors';

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
    try {
      return await work(client, callOptions());
    } catch (error) {
      if (failureOf(error).code !== this.options.missingCode) throw error;
      await this.options.create(client, callOptions());
      return await work(client, callOptions());
    }
  }
}

function callOptions(): CallOptions {
  return { abortSignal: AbortSignal.timeout(callTimeoutMs) };
}
