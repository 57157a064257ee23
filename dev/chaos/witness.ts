import type { Change, RequestRecord } from '../azure';

/** Who a connection belongs to, and how its status went. The local Azure's own word, as it happened. */
export interface HistoryEntry {
  readonly atMs: number;
  /** As ARM spells it. */
  readonly connectionId: string;
  readonly endpointId: string;
  /** Also when a write set the same status once more. `gone` after a delete. */
  readonly status: string;
  /** The object id of who did it; absent when Azure did it by itself. */
  readonly by: string | undefined;
}

/** Looks on from inside the local Azure and writes down. */
export interface Witness {
  readonly history: readonly HistoryEntry[];
  /** Everything that was asked of ARM and Resource Graph and answered, whoever asked. */
  readonly requests: readonly RequestRecord[];
  onChange(change: Change): void;
  onRequest(record: RequestRecord): void;
  /** Something that is there without having come through ARM. */
  onPlanted(entry: Pick<HistoryEntry, 'connectionId' | 'endpointId' | 'status'>): void;
  connectionOf(endpointId: string): string | undefined;
}

export function createWitness(): Witness {
  const history: HistoryEntry[] = [];
  const requests: RequestRecord[] = [];
  const connections = new Map<string, string>();

  function note(entry: Omit<HistoryEntry, 'atMs'>): void {
    history.push({ atMs: Date.now(), ...entry });
    connections.set(entry.endpointId.toLowerCase(), entry.connectionId);
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
    onPlanted: (entry) => note({ ...entry, by: undefined }),
    connectionOf: (endpointId) => connections.get(endpointId.toLowerCase()),
  };
}

function entryFrom(change: Change): Omit<HistoryEntry, 'atMs'> | undefined {
  switch (change.kind) {
    case 'proxy-written':
    case 'proxy-deleted': {
      const { id, endpointId, status } = change.connection;
      return { connectionId: id, endpointId, status, by: undefined };
    }
    case 'connection-written':
    case 'connection-deleted': {
      const { id, endpointId, status } = change.connection;
      const isGone = change.kind === 'connection-deleted';
      return { connectionId: id, endpointId, status: isGone ? 'gone' : status, by: change.actor?.objectId };
    }
    case 'proxy-validated':
    case 'target-written':
    case 'target-deleted':
    case 'endpoint-changed':
    case 'endpoint-written':
    case 'endpoint-deleted':
      return undefined;
  }
}
