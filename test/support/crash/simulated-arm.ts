import { addSeconds, type Clock } from '../../../src/base/clock';
import { isSettled, type Connection } from '../../../src/connections/connection';
import type {
  ConnectionListing,
  ConnectionStore,
  ConnectionWrite,
  EndpointDetails,
  OperationReader,
  OperationReport,
  ResourceReader,
  TargetDetails,
  WriteReply,
} from '../../../src/connections/connection-store';
import {
  connectionIdOf,
  parseEndpointId,
  type ConnectionId,
  type TargetId,
} from '../../../src/connections/resource-id';
import { profileOf } from '../../../src/connections/target-type';
import { ArmError } from '../../../src/base/errors';

interface Seeded {
  readonly target: TargetId;
  readonly name: string;
  readonly status?: string;
  readonly message?: string;
  /** The connection is `Updating` until then. */
  readonly updatingUntil?: Date;
}

/** A write that ARM accepted. */
export interface SentWrite {
  readonly connection: ConnectionId;
  readonly effect: ConnectionWrite['effect'];
  /** The operation's id in the row when the write arrived. */
  readonly operationId: string | undefined;
  readonly beganAt: Date;
  readonly endsAt: Date;
}

interface InWork extends SentWrite {
  readonly url: string;
  readonly description: string;
  readonly outcome: 'works' | 'fails';
}

/** ARM's behavior for the next write, instead of accepting it. */
export type WriteFault = 'forbidden' | 'throttled' | 'lost reply' | 'lost request' | 'gone' | 'fails later';

/** How long a service stays locked after its connection has changed. */
const lockSeconds = 90;

/**
 * ARM with time: writes take a while, show what their provider shows meanwhile, and exclude each other.
 * Survives every crash.
 */
export class SimulatedArm implements ConnectionStore, OperationReader, ResourceReader {
  /** Faults for the next writes, one each. */
  readonly faults: WriteFault[] = [];
  readonly sent: SentWrite[] = [];
  readonly endpoints = new Map<string, EndpointDetails>();
  /** The duration of a write. */
  workSeconds = 15;
  /** Called for every write that reaches ARM, before it has any effect. Returns the write's operation. */
  onWrite: (write: ConnectionWrite, inWork: readonly SentWrite[]) => string | undefined = () => undefined;
  /** An error of our own code, thrown by every read of an operation URL. */
  readFailure: Error | undefined;
  /** An error of our own code, thrown by every list. */
  listFailure: Error | undefined;
  /** Until then every read finds nothing, as while ARM's regions replicate. */
  hidesUntil: Date | undefined;
  /** Until then every connection shows that Azure is updating it. */
  updatesUntil: Date | undefined;
  private connections: (Connection & { readonly updatingUntil?: Date | undefined })[] = [];
  private inWork: InWork[] = [];
  private readonly lockedUntil = new Map<string, Date>();

  constructor(private readonly clock: Clock) {}

  seed({ target, name, status = 'Pending', message = '', updatingUntil }: Seeded): void {
    const endpointText = `/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/consumers/providers/Microsoft.Network/privateEndpoints/pe-${name}`;
    this.connections.push({
      id: connectionIdOf(target, name),
      endpoint: parseEndpointId(endpointText),
      endpointText,
      status,
      message,
      provisioningState: 'Succeeded',
      groupIds: [],
      etag: undefined,
      updatingUntil,
    });
  }

  remove(name: string): void {
    this.connections = this.connections.filter(({ id }) => id.name !== name);
  }

  /** Returns the present status and description of every connection, by name. */
  state(): Record<string, string> {
    this.settle();
    return Object.fromEntries(
      this.connections.map(({ id, status, message }) => [id.name, `${status} ${message}`]),
    );
  }

  all(): readonly Connection[] {
    this.settle();
    return this.connections.map((connection) => this.view(connection));
  }

  get isIdle(): boolean {
    this.settle();
    return this.inWork.length === 0;
  }

  async list(target: TargetId): Promise<ConnectionListing | undefined> {
    if (this.listFailure !== undefined) throw this.listFailure;
    if (this.isHiding()) return undefined;
    const connections = this.all().filter(({ id }) => id.target.key === target.key);
    return { connections, malformed: [] };
  }

  private isHiding(): boolean {
    return this.hidesUntil !== undefined && this.clock.now() < this.hidesUntil;
  }

  async get(id: ConnectionId): Promise<Connection | undefined> {
    if (this.isHiding()) return undefined;
    return this.all().find((connection) => connection.id.key === id.key);
  }

  async read(url: string): Promise<OperationReport> {
    if (this.readFailure !== undefined) throw this.readFailure;
    this.settle();
    if (this.inWork.some((work) => work.url === url)) return { httpStatus: 202 };
    return this.failed.has(url)
      ? { httpStatus: 200, status: 'Failed', error: { code: 'InternalError', message: 'it went wrong' } }
      : { httpStatus: 200, status: 'Succeeded' };
  }

  async readTarget(target: TargetId): Promise<TargetDetails> {
    const provisioningState = this.isLocked(target) ? 'Updating' : 'Succeeded';
    return { provisioningState, kind: undefined, location: 'westeurope', tags: {} };
  }

  async readEndpoint(endpointId: string): Promise<EndpointDetails | undefined> {
    return this.endpoints.get(endpointId.toLowerCase());
  }

  async readNetwork(_networkId: string): Promise<undefined> {
    return undefined;
  }

  async write(write: ConnectionWrite, fence: () => void): Promise<WriteReply> {
    fence();
    return this.take(write, 0);
  }

  /** Accepts a request that arrives after its sender has crashed. */
  async writeLater(write: ConnectionWrite, fence: () => void, seconds: number): Promise<void> {
    fence();
    await this.take(write, seconds).catch(() => undefined);
  }

  private async take(write: ConnectionWrite, delaySeconds: number): Promise<WriteReply> {
    this.settle();
    const { id } = write.connection;
    const others = this.inWork.filter(({ connection }) => connection.target.key === id.target.key);
    const operationId = this.onWrite(write, others);
    const fault = this.faults.shift();
    if (fault === 'forbidden') throw new ArmError('ARM_FORBIDDEN', 'no', { httpStatus: 403 });
    if (fault === 'throttled')
      throw new ArmError('ARM_THROTTLED', 'slow', { httpStatus: 429, retryAfterSeconds: 40 });
    if (fault === 'lost request') throw new ArmError('ARM_UNREACHABLE', 'the request got lost');
    if (fault === 'gone') this.remove(id.name);
    if (others.length > 0 || this.isLocked(id.target)) {
      throw new ArmError('ARM_CONFLICT', 'another write is going on', { httpStatus: 409 });
    }
    if (!this.connections.some((connection) => connection.id.key === id.key))
      return { kind: 'gone', httpStatus: 404 };
    const outcome = fault === 'fails later' ? 'fails' : 'works';
    const url = this.begin(write, { delaySeconds, outcome, operationId });
    if (fault === 'lost reply') throw new ArmError('ARM_UNREACHABLE', 'the reply got lost');
    const isVaultPut = profileOf(id.target.type).showsNewStatusAtOnce && write.effect !== 'delete';
    return isVaultPut
      ? { kind: 'accepted', httpStatus: 200 }
      : { kind: 'accepted', httpStatus: 202, operationUrl: url, retryAfterSeconds: 10 };
  }

  private readonly failed = new Set<string>();

  private begin(
    write: ConnectionWrite,
    how: Pick<InWork, 'outcome' | 'operationId'> & { delaySeconds: number },
  ): string {
    const beganAt = addSeconds(this.clock.now(), how.delaySeconds);
    const endsAt = addSeconds(beganAt, this.workSeconds);
    const url = `https://arm/operations/${this.sent.length}`;
    const { connection, effect, description } = write;
    const { operationId, outcome } = how;
    const sent = { connection: connection.id, effect, operationId, beganAt, endsAt };
    this.sent.push(sent);
    this.inWork.push({ ...sent, url, description, outcome });
    return url;
  }

  private isLocked(target: TargetId): boolean {
    if (!profileOf(target.type).locksTarget) return false;
    this.settle();
    const until = this.lockedUntil.get(target.key);
    const isBusy = this.inWork.some(({ connection }) => connection.target.key === target.key);
    return isBusy || (until !== undefined && until > this.clock.now());
  }

  private view(connection: Connection & { readonly updatingUntil?: Date | undefined }): Connection {
    const { updatingUntil, ...plain } = connection;
    const now = this.clock.now();
    const work = this.inWork.find(({ connection: of, beganAt }) => of.key === plain.id.key && beganAt <= now);
    if ([updatingUntil, this.updatesUntil].some((until) => until !== undefined && until > now))
      return { ...plain, provisioningState: 'Updating' };
    if (work === undefined || !profileOf(plain.id.target.type).showsNewStatusAtOnce) return plain;
    if (work.effect === 'delete') return { ...plain, provisioningState: 'Deleting' };
    return { ...changed(plain, work), provisioningState: 'Updating' };
  }

  /** Ends the writes whose time is over. */
  private settle(): void {
    const now = this.clock.now();
    const over = this.inWork.filter(({ endsAt }) => endsAt <= now);
    if (over.length === 0) return;
    this.inWork = this.inWork.filter(({ endsAt }) => endsAt > now);
    for (const work of over) {
      this.lockedUntil.set(work.connection.target.key, addSeconds(work.endsAt, lockSeconds));
      if (work.outcome === 'fails') this.failed.add(work.url);
      else if (work.effect === 'delete') this.remove(work.connection.name);
      else {
        this.connections = this.connections.map((connection) =>
          connection.id.key === work.connection.key && isSettled(connection)
            ? changed(connection, work)
            : connection,
        );
      }
    }
  }
}

function changed<T extends Connection>(connection: T, work: InWork): T {
  const status = work.effect === 'approve' ? 'Approved' : 'Rejected';
  return { ...connection, status, message: work.description };
}
