import type { Connection } from '../../connections/connection';
import type { Operation, ConnectionState } from '../operation';

/** An operation that is about to begin, with the connection as it was read and its row. */
export interface Planned {
  readonly connection: Connection;
  readonly connectionState: ConnectionState;
  readonly operation: Operation;
}
