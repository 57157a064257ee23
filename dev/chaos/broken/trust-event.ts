import type { ArmClient } from '../../../src/azure/arm/client';
import { createRoutingConnectionStore as createRealStore } from '../../../src/azure/arm/connections/routing-connection-store';
import { hasStatus, type Connection } from '../../../src/connections/connection';
import type { ConnectionStore } from '../../../src/connections/connection-store';

/**
 * Broken on purpose: a connection that was told of as Pending is believed to be so from then on. Reviews decide on what
 * they were told, not on what ARM says now.
 */
export function createRoutingConnectionStore(client: ArmClient): ConnectionStore {
  const real = createRealStore(client);
  const told = new Map<string, Connection>();

  function believed(connection: Connection): Connection {
    const { key } = connection.id;
    if (hasStatus(connection, 'Pending') && !told.has(key)) told.set(key, connection);
    return told.get(key) ?? connection;
  }

  return {
    ...real,
    list: async (target) => {
      const listing = await real.list(target);
      return listing && { ...listing, connections: listing.connections.map(believed) };
    },
  };
}
