import type { AuditRecord } from '../../audit/audit-record';
import type { ConnectionId } from '../../connections/resource-id';
import { sanitize } from '../../base/text';
import type { HistoryItem, HistoryPage } from '../api';
import { ConsoleError, jsonReply } from '../http/message';
import type { Route } from '../http/route';
import { connectionIdFrom } from '../question/question';

/** The ledger's records of single connections. */
export interface ConnectionHistory {
  /**
   * Reads the records of one connection, in no guaranteed order, at most `most`.
   * @throws PosternError STORE_UNAVAILABLE, STORE_UNREADABLE
   */
  readConnection(connection: ConnectionId, most: number): Promise<readonly AuditRecord[]>;
}

const pageSize = 50;
/** More records than any connection has in years, unless somebody provokes them. */
const mostRead = 2_000;

/** Creates the route that lists the audit records of one connection, newest first. */
export function createHistoryRoute({ history }: { readonly history: ConnectionHistory }): Route {
  return {
    method: 'GET',
    role: 'Postern.Viewer',
    async answer({ url }) {
      const id = connectionIdFrom(url.searchParams.get('id'));
      const start = startFrom(url.searchParams.get('after'));
      const records = [...(await history.readConnection(id, mostRead))];
      records.sort((one, other) =>
        one.at < other.at ? 1 : one.at > other.at ? -1 : one.id < other.id ? -1 : 1,
      );
      const items = records.slice(start, start + pageSize).map(itemFrom);
      const next = start + pageSize;
      const page: HistoryPage = { items, ...(next < records.length ? { next: String(next) } : {}) };
      return jsonReply(200, page);
    },
  };
}

function startFrom(after: string | null): number {
  if (after === null) return 0;
  if (!/^\d{1,4}$/.test(after)) throw new ConsoleError('BAD_REQUEST', 'The list has no such page.');
  return Number(after);
}

function itemFrom({
  kind,
  at,
  effect,
  rules,
  reason,
  status,
  by,
  decisionId,
  operation,
}: AuditRecord): HistoryItem {
  const error = operation?.error;
  return {
    kind,
    at,
    ...(effect === undefined ? {} : { effect }),
    ...(rules === undefined ? {} : { rules }),
    ...(reason === undefined ? {} : { reason: sanitize(reason) }),
    ...(status === undefined ? {} : { status: sanitize(status, 100) }),
    ...(by === undefined ? {} : { by: sanitize(by) }),
    ...(decisionId === undefined ? {} : { decisionId }),
    ...(operation === undefined ? {} : { attempt: operation.attempt }),
    ...(error === undefined ? {} : { error: sanitize(error) }),
  };
}
