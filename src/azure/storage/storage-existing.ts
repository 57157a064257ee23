import { PosternError } from '../../base/errors';
import { OnDemand, type CallOptions } from './on-demand';
import { failureOf } from './errors';

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
