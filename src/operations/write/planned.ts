import type { Connection } from '../../connections/connection';
import type { Operation, Sighting } from '../operation';

/** An operation that is to begin, with the connection as it was read and its row. */
export interface Planned {
  readonly connection: Connection;
  readonly sighting: Sighting;
  readonly operation: Operation;
}
