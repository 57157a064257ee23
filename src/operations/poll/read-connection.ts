import type { Clock } from '../../base/clock';
import { ArmError } from '../../base/errors';
import type { ConnectionListing, ConnectionStore, OperationReader } from '../../connections/connection-store';
import type { TargetId } from '../../connections/resource-id';
import type { ConnectionState, Operation, Ticket } from '../operation';
import type { Reply } from '../proof/step';

/** The ports of a poll's readings. */
export interface ReadPorts {
  readonly connections: ConnectionStore;
  readonly operationReader: OperationReader;
  readonly clock: Clock;
}

/** The connection that is read, and its operation. */
export interface ReadContext {
  readonly connectionState: ConnectionState;
  readonly operation: Operation;
}

/** A listing of a target's connections, and when it was asked for. */
export interface Reading {
  readonly target: TargetId;
  readonly listing: ConnectionListing;
  readonly startedAt: Date;
  /** The same on the monotonic clock. */
  readonly readAtMs: number;
}

/** A reply, with the whole listing that it is from, if the target's connections were listed for it. */
export interface Read {
  readonly reply: Reply;
  readonly reading?: Reading | undefined;
}

/** Reads what a poll asks for: the operation URL, if there is one, or the connection. */
export async function readReply(ports: ReadPorts, context: ReadContext, ticket: Ticket): Promise<Read> {
  const { operationUrl } = ticket;
  if (operationUrl === undefined) return readConnection(ports, context);
  const reply = await orArmError(async () => ({
    kind: 'operation',
    report: await ports.operationReader.read(operationUrl),
  }));
  return { reply };
}

/**
 * Reads the connection: if hints wait for the end of the operation, with all others of its target, so that the reading
 * that proves the end answers them, too. What such a list does not show is read by itself, because that proves nothing.
 */
export async function readConnection(ports: ReadPorts, context: ReadContext): Promise<Read> {
  const { connection: id } = context.connectionState;
  if (context.operation.isAwaited === true) {
    const reading = await listing(ports, id.target);
    const connection = reading?.listing.connections.find((each) => each.id.key === id.key);
    if (connection !== undefined) return { reply: { kind: 'connection', connection }, reading };
  }
  const reply = await orArmError(async () => ({
    kind: 'connection',
    connection: await ports.connections.get(id),
  }));
  return { reply };
}

async function listing({ connections, clock }: ReadPorts, target: TargetId): Promise<Reading | undefined> {
  const [startedAt, readAtMs] = [clock.now(), clock.monotonicMs()];
  try {
    const found = await connections.list(target);
    return found && { target, listing: found, startedAt, readAtMs };
  } catch (error) {
    if (error instanceof ArmError) return undefined;
    throw error;
  }
}

async function orArmError(read: () => Promise<Reply>): Promise<Reply> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ArmError) return { kind: 'error', error };
    throw error;
  }
}
