import type { Change, RequestRecord } from '../azure';

/** A status of a connection, as the local Azure reported it. */
export interface HistoryEntry {
  readonly atMs: number;
  /** The id in ARM's spelling. */
  readonly connectionId: string;
  readonly endpointId: string;
  /** The status, even if a write repeated it. `gone`: no longer on its target. */
  readonly status: string;
  /** The object id of the principal that set it; absent if Azure acted by itself. */
  readonly by: string | undefined;
}

/** A recorder of everything that happens in the local Azure. */
export interface Recorder {
  readonly history: readonly HistoryEntry[];
  /** All requests to ARM and Resource Graph that were answered, of every caller. */
  readonly requests: readonly RequestRecord[];
  onChange(change: Change): void;
  onRequest(record: RequestRecord): void;
  /** Records a connection that exists without a request to ARM. */
  onSeeded(entry: Pick<HistoryEntry, 'connectionId' | 'endpointId' | 'status'>): void;
  /** Returns the present or last connection of an endpoint. */
  connectionOf(endpointId: string): string | undefined;
  /** Returns all connections that an endpoint has had, the last one included. */
  connectionsOf(endpointId: string): readonly string[];
}

export function createRecorder(nowMs: () => number = Date.now): Recorder {
  const history: HistoryEntry[] = [];
  const requests: RequestRecord[] = [];
  const connections = new Map<string, Set<string>>();
  const idsOf = (endpointId: string): readonly string[] => [
    ...(connections.get(endpointId.toLowerCase()) ?? []),
  ];

  function note(entry: Omit<HistoryEntry, 'atMs'>): void {
    history.push({ atMs: nowMs(), ...entry });
    const key = entry.endpointId.toLowerCase();
    const ids = connections.get(key) ?? new Set();
    // The last id in the set is the present one.
    ids.delete(entry.connectionId);
    connections.set(key, ids.add(entry.connectionId));
  }

  return {
    history,
    requests,
    onChange: (change) => {
      const entry = entryFrom(change);
      if (entry !== undefined) note(entry);
    },
    onRequest: (record) => {
      if (record.area === 'arm' || record.area === 'graph') requests.push(record);
    },
    onSeeded: (entry) => note({ ...entry, by: undefined }),
    connectionOf: (endpointId) => idsOf(endpointId).at(-1),
    connectionsOf: idsOf,
  };
}

function entryFrom(change: Change): Omit<HistoryEntry, 'atMs'> | undefined {
  switch (change.kind) {
    case 'proxy-written':
    case 'proxy-deleted': {
      const { id, endpointId, status } = change.connection;
      return { connectionId: id, endpointId, status, by: undefined };
    }
    case 'connection-written': {
      const { id, endpointId, status } = change.connection;
      return { connectionId: id, endpointId, status, by: change.actor?.objectId };
    }
    case 'connection-gone': {
      const { id, endpointId } = change.connection;
      return { connectionId: id, endpointId, status: 'gone', by: undefined };
    }
    case 'connection-deleted':
    case 'proxy-validated':
    case 'target-written':
    case 'target-deleted':
    case 'endpoint-changed':
    case 'endpoint-written':
    case 'endpoint-deleted':
      return undefined;
  }
}
