import { compareText } from '../../../../src/base/compare';
import { downloadError, type Refusal, serviceError } from '../errors';
import { acquire, breakLease, type Lease, leaseAfterWrite, leaseAt, release, renew } from './lease';

/** A blob as a judge sees it. */
export interface SimulatedBlob {
  readonly name: string;
  readonly etag: string;
  readonly content: Buffer;
  readonly lease: Lease;
}

/** A container of a simulated storage account. */
export class SimulatedContainer {
  private readonly stored = new Map<string, SimulatedBlob>();
  private isCreated = false;
  private changes = 0;

  constructor(private readonly now: () => number) {}

  /**
   * The number of changes so far: as long as it stays, leases change only by expiring or by ending to break.
   */
  get changeCount(): number {
    return this.changes;
  }

  /** Yields all blobs with their leases as of now, in the order of their creation. */
  *blobs(): IterableIterator<SimulatedBlob> {
    const now = this.now();
    for (const blob of this.stored.values()) yield { ...blob, lease: leaseAt(blob.lease, now) };
  }

  /** Returns the id of the lease that is held on a blob now, or is breaking; otherwise `undefined`. */
  leaseHolder(name: string): string | undefined {
    const blob = this.stored.get(name);
    if (blob === undefined) return undefined;
    const lease = leaseAt(blob.lease, this.now());
    return lease.state === 'leased' || lease.state === 'breaking' ? lease.leaseId : undefined;
  }

  /** Creates the container. Returns whether it was missing. */
  create(): boolean {
    const wasMissing = !this.isCreated;
    this.isCreated = true;
    return wasMissing;
  }

  /** Creates or replaces a blob. @throws RestError */
  upload(
    name: string,
    content: Buffer,
    { onlyIfMissing }: { readonly onlyIfMissing: boolean },
  ): SimulatedBlob {
    this.checkCreated();
    const present = this.stored.get(name);
    if (present !== undefined && onlyIfMissing) throw serviceError(blobExists);
    const lease: Lease =
      present === undefined ? { state: 'available' } : leaseAfterWrite(leaseAt(present.lease, this.now()));
    const blob = {
      name,
      etag: `"0x${(this.changes + 1).toString(16).toUpperCase()}"`,
      content: Buffer.from(content),
      lease,
    };
    this.put(blob);
    return blob;
  }

  /** Returns a blob's content. @throws RestError */
  download(name: string): Buffer {
    if (!this.isCreated) throw downloadError(noContainer);
    const blob = this.stored.get(name);
    if (blob === undefined) throw downloadError(noBlob);
    return Buffer.from(blob.content);
  }

  /** Returns up to `top` blobs whose names follow `after`, by name. @throws RestError */
  list({
    prefix,
    after = '',
    top,
  }: {
    prefix: string;
    after?: string | undefined;
    top: number;
  }): SimulatedBlob[] {
    this.checkCreated();
    return [...this.stored.values()]
      .filter(({ name }) => name.startsWith(prefix) && name > after)
      .sort((one, other) => compareText(one.name, other.name))
      .slice(0, top);
  }

  /** @throws RestError */
  acquireLease(name: string, leaseId: string, seconds: number): void {
    this.changeLease(name, (lease, nowMs) => acquire(lease, leaseId, { seconds, nowMs }));
  }

  /** @throws RestError */
  renewLease(name: string, leaseId: string): void {
    this.changeLease(name, (lease, nowMs) => renew(lease, leaseId, nowMs));
  }

  /** @throws RestError */
  releaseLease(name: string, leaseId: string): void {
    this.changeLease(name, (lease) => release(lease, leaseId));
  }

  /** Breaks a lease. Returns the seconds until it has ended. @throws RestError */
  breakLease(name: string, seconds?: number): number {
    const lease = this.changeLease(name, (present, nowMs) => breakLease(present, seconds, nowMs));
    return lease.state === 'breaking' ? Math.round((lease.breaksAtMs - this.now()) / 1000) : 0;
  }

  private changeLease(name: string, change: (lease: Lease, nowMs: number) => Lease): Lease {
    this.checkCreated();
    const blob = this.stored.get(name);
    if (blob === undefined) throw serviceError(noBlob);
    const now = this.now();
    const lease = change(leaseAt(blob.lease, now), now);
    this.put({ ...blob, lease });
    return lease;
  }

  private put(blob: SimulatedBlob): void {
    this.stored.set(blob.name, blob);
    this.changes += 1;
  }

  private checkCreated(): void {
    if (!this.isCreated) throw serviceError(noContainer);
  }
}

const noContainer: Refusal = {
  status: 404,
  code: 'ContainerNotFound',
  message: 'The specified container does not exist.',
};
const noBlob: Refusal = { status: 404, code: 'BlobNotFound', message: 'The specified blob does not exist.' };
const blobExists: Refusal = {
  status: 409,
  code: 'BlobAlreadyExists',
  message: 'The specified blob already exists.',
};
