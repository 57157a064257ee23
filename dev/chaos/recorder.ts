import type { Change, RequestRecord } from '../azure';

/** Who a connection belongs to, and how its status went. The local Azure's own word, as it happened. */
export interface HistoryEntry {
  readonly atMs: number;
  /** As ARM spells it. */
  readonly connectionId: string;
  readonly endpointId: string;
  /** Also when a write set the same status once more. `gone`: it is not on its target any more. */
  readonly status: string;
  /** The object id of who did it; absent when Azure did it by itself. */
  readonly by: string | undefined;
}

/** Looks on from inside the local Azure and writes down. */
export interface Recorder {
  readonly history: readonly HistoryEntry[];
  /** Everything that was asked of ARM and Resource Graph and answered, whoever asked. */
  readonly requests: readonly RequestRecord[];
  onChange(change: Change): void;
  onRequest(record: RequestRecord): void;
  /** Something that is there without having come through ARM. */
  onSeeded(entry: Pick<HistoryEntry, 'connectionId' | 'endpointId' | 'status'>): void;
  /** The one that it has, or had last. */
  connectionOf(endpointId: string): string | undefined;
  /** All that it ever had, the last one included. */
  connectionsOf(endpointId: string): readonly string[];
}

export function createRecorder(): Recorder {
  const history: HistoryEntry[] = [];
  const requests: RequestRecord[] = [];
  const connections = new Map<string, Set<string>>();
  const idsOf = (endpointId: string): readonly string[] => [
    ...(connections.get(endpointId.toLowerCase()) ?? []),
  ];

  function note(entry: Omit<HistoryEntry, 'atMs'>): void {
    history.push({ atMs: Date.now(), ...entry });
    const key = entry.endpointId.toLowerCase();
    const ids = connections.get(key) ?? new Set();
    // The last one is the present one.
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
