import type { ContainerClient } from '@azure/storage-blob';
import {
  type CallOptions,
  pages,
  type StorageCall,
  type StorageOperation,
  type StorageRequest,
} from '../call';
import type { Ids } from '../ids';
import type { SimulatedContainer } from './container';

type UploadOptions = CallOptions & { readonly conditions?: { readonly ifNoneMatch?: string } };

interface PageSettings {
  readonly maxPageSize?: number;
  readonly continuationToken?: string;
}

const maxPageSize = 5_000;

/** What the clients of a container, its blobs and their leases share. */
interface Access {
  readonly name: string;
  readonly container: SimulatedContainer;
  readonly ids: Ids;
  readonly call: StorageCall;
}

/** The part of `ContainerClient` that the app and the host use, on a simulated container. */
export class SimulatedContainerClient {
  constructor(private readonly access: Access) {}

  get containerName(): string {
    return this.access.name;
  }

  createIfNotExists(options?: CallOptions): Promise<{ succeeded: boolean }> {
    const { container } = this.access;
    return this.access.call(
      requestTo(this.access, 'create'),
      () => ({ succeeded: container.create() }),
      options,
    );
  }

  getBlockBlobClient(name: string): SimulatedBlobClient {
    return new SimulatedBlobClient(this.access, name);
  }

  /** Lists blobs lazily: each page is one call, made when it is asked for. */
  listBlobsFlat({ prefix = '', ...options }: CallOptions & { readonly prefix?: string } = {}) {
    const { access } = this;
    const byPage = ({ maxPageSize: top = maxPageSize, continuationToken }: PageSettings = {}) =>
      pages((after) => {
        const effect = () => blobPage(access.container.list({ prefix, after, top: top + 1 }), top);
        return access.call(requestTo(access, 'list'), effect, options);
      }, continuationToken);
    async function* blobs() {
      for await (const { segment } of byPage()) yield* segment.blobItems;
    }
    return Object.assign(blobs(), { byPage });
  }
}

/** Forms a page from one blob more than it holds. */
function blobPage(found: ReturnType<SimulatedContainer['list']>, top: number) {
  const shown = found.slice(0, top);
  const blobItems = shown.map(({ name, etag, content }) => ({
    name,
    properties: { etag, contentLength: content.length },
  }));
  return { segment: { blobItems }, continuationToken: found.length > top ? shown.at(-1)?.name : undefined };
}

/** The part of `BlockBlobClient` that the app and the host use. */
export class SimulatedBlobClient {
  constructor(
    private readonly access: Access,
    readonly name: string,
  ) {}

  upload(body: string | Buffer, length: number, options: UploadOptions = {}): Promise<{ etag: string }> {
    const content = Buffer.from(body).subarray(0, length);
    const onlyIfMissing = options.conditions?.ifNoneMatch === '*';
    const effect = () => ({ etag: this.access.container.upload(this.name, content, { onlyIfMissing }).etag });
    return this.access.call(requestTo(this.access, 'upload', this.name), effect, options);
  }

  uploadData(data: Buffer, options?: CallOptions): Promise<{ etag: string }> {
    return this.upload(data, data.length, options);
  }

  downloadToBuffer(): Promise<Buffer> {
    return this.access.call(requestTo(this.access, 'download', this.name), () =>
      this.access.container.download(this.name),
    );
  }

  /** Returns a client with a lease id of its own; sends nothing. */
  getBlobLeaseClient(proposedLeaseId?: string): SimulatedLeaseClient {
    return new SimulatedLeaseClient(this.access, this.name, proposedLeaseId ?? this.access.ids.uuid());
  }
}

/** The part of `BlobLeaseClient` that the app uses. */
export class SimulatedLeaseClient {
  constructor(
    private readonly access: Access,
    private readonly blob: string,
    readonly leaseId: string,
  ) {}

  acquireLease(seconds: number, options?: CallOptions): Promise<{ leaseId: string }> {
    const { container } = this.access;
    return this.send(
      'acquire lease',
      () => container.acquireLease(this.blob, this.leaseId, seconds),
      options,
    );
  }

  renewLease(options?: CallOptions): Promise<{ leaseId: string }> {
    const { container } = this.access;
    return this.send('renew lease', () => container.renewLease(this.blob, this.leaseId), options);
  }

  releaseLease(options?: CallOptions): Promise<{ leaseId: string }> {
    const { container } = this.access;
    return this.send('release lease', () => container.releaseLease(this.blob, this.leaseId), options);
  }

  breakLease(seconds?: number, options?: CallOptions): Promise<{ leaseTime: number }> {
    const effect = () => ({ leaseTime: this.access.container.breakLease(this.blob, seconds) });
    return this.access.call(requestTo(this.access, 'break lease', this.blob), effect, options);
  }

  private async send(
    operation: StorageOperation,
    effect: () => void,
    options: CallOptions | undefined,
  ): Promise<{ leaseId: string }> {
    await this.access.call(requestTo(this.access, operation, this.blob), effect, options);
    return { leaseId: this.leaseId };
  }
}

function requestTo({ name }: Access, operation: StorageOperation, key?: string): StorageRequest {
  return { service: 'blob', resource: name, operation, key };
}

/** Returns the client as the SDK's type, of which it has only the part that the app and the host use. */
export function asContainerClient(client: SimulatedContainerClient): ContainerClient {
  return client as unknown as ContainerClient;
}
