/** What a call to storage does, so that a world can choose what befalls it. */
export interface StorageRequest {
  readonly service: 'table' | 'queue' | 'blob';
  /** The name of the table, queue or container. */
  readonly resource: string;
  readonly operation: StorageOperation;
  /**
   * The partition key, with the row key after a space if the call names a row; the message id; the blob's
   * name.
   */
  readonly key: string | undefined;
}

export type StorageOperation =
  | 'create'
  | 'acquire lease'
  | 'break lease'
  | 'clear'
  | 'delete'
  | 'download'
  | 'get'
  | 'insert'
  | 'list'
  | 'peek'
  | 'properties'
  | 'receive'
  | 'release lease'
  | 'renew lease'
  | 'send'
  | 'transaction'
  | 'update'
  | 'upload'
  | 'upsert';

export interface CallOptions {
  readonly abortSignal?: AbortSignal;
}

/**
 * Carries a call to the account. `effect` runs the call on the account at once, and throws the service's
 * error; it may run never (the request was lost), once, or more often (the SDK repeats a request whose reply
 * was lost).
 */
export type StorageCall = <T>(request: StorageRequest, effect: () => T, options?: CallOptions) => Promise<T>;

/**
 * Reads pages one after another, one call for each, from the page that `token` names.
 */
export async function* pages<Page extends { readonly continuationToken?: string | undefined }>(
  read: (token: string | undefined) => Promise<Page>,
  token: string | undefined,
): AsyncGenerator<Page, void, undefined> {
  let next = token;
  do {
    const page = await read(next);
    yield page;
    next = page.continuationToken;
  } while (next !== undefined);
}
