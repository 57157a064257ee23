import type { ArmClient } from '../../../src/azure/arm/client';
import { createRoutingConnectionStore as createRealStore } from '../../../src/azure/arm/connections/routing-connection-store';
import { hasStatus, type Connection } from '../../../src/connections/connection';
import type { ConnectionStore } from '../../../src/connections/connection-store';

/**
 * Creates a connection store that is broken on purpose: a connection that was once read as Pending is treated
 * as Pending from then on. Reviews decide on the old reading, not on what ARM says now.
 */
export function createRoutingConnectionStore(client: ArmClient): ConnectionStore {
  const real = createRealStore(client);
  const firstSeen = new Map<string, Connection>();

  function believed(connection: Connection): Connection {
    const { key } = connection.id;
    if (hasStatus(connection, 'Pending') && !firstSeen.has(key)) firstSeen.set(key, connection);
    return firstSeen.get(key) ?? connection;
  }

  return {
    ...real,
    list: async (target) => {
      const listing = await real.list(target);
      return listing && { ...listing, connections: listing.connections.map(believed) };
    },
  };
}
