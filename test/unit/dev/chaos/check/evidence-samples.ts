import type { Evidence, LedgerEntry } from '../../../../../dev/chaos/check/evidence';
import type { RequestRecord } from '../../../../../dev/azure';
import type { AuditRecord } from '../../../../../src/audit/audit-record';

export const postern = 'a0000000-0000-4000-8000-000000000002';
export const somebody = 'b0000000-0000-4000-8000-000000000002';
export const targetId =
  '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-1';
export const connectionId = `${targetId}/privateEndpointConnections/pe-1`;
export const endpointId =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/network/providers/Microsoft.Network/privateEndpoints/pe-1';

/** Returns a request that begins at `startedRealMs` and is answered 10 ms later. */
export function request(change: Partial<RequestRecord> & { startedRealMs: number }): RequestRecord {
  return {
    sequence: change.startedRealMs,
    area: 'arm',
    method: 'GET',
    path: `${targetId}/privateEndpointConnections?api-version=2024-11-01`,
    startedSeconds: 0,
    endedSeconds: 0,
    endedRealMs: change.startedRealMs + 10,
    principal: postern,
    clientRequestId: undefined,
    target: targetId,
    connection: undefined,
    status: 200,
    tookEffect: undefined,
    statusBefore: undefined,
    operationId: undefined,
    faults: [],
    ...change,
  };
}

/** Returns an approval that ARM accepted. */
export function write(change: Partial<RequestRecord> & { startedRealMs: number }): RequestRecord {
  return request({
    method: 'PUT',
    path: `${connectionId}?api-version=2024-11-01`,
    connection: connectionId,
    tookEffect: 'approve',
    statusBefore: 'Pending',
    operationId: `operation-${change.startedRealMs}`,
    ...change,
  });
}

export function decided(change: Partial<AuditRecord> = {}, storedMs = 1_100): LedgerEntry {
  const decisionId = change.decisionId ?? 'd1';
  const record: AuditRecord = {
    version: 1,
    id: `${decisionId}|decided`,
    kind: 'decided',
    at: '2030-01-01T00:00:00.000Z',
    decisionId,
    target: targetId,
    connection: connectionId,
    status: 'Pending',
    effect: 'approve',
    reason: 'The endpoint is in a landing zone',
    mode: 'enforce',
    ...change,
  };
  return { record, storedMs };
}

export function ended(change: Partial<AuditRecord> = {}, storedMs = 3_000): LedgerEntry {
  const { record } = decided(change);
  const { kind = 'applied' } = change;
  return { record: { ...record, kind, id: `${record.decisionId}.1|end` }, storedMs };
}

/** Returns a run without a fault: one connection, read at 1000, decided at 1100, approved at 1200, proven. */
export function goodRun(change: Partial<Evidence> = {}): Evidence {
  const entry = { connectionId, endpointId, by: undefined };
  return {
    postern,
    subjects: [
      {
        label: 'kv-1/pe-1',
        endpointId,
        connectionId,
        expectedEffects: { Pending: 'approve' },
        status: 'Approved',
      },
    ],
    requests: [request({ startedRealMs: 1_000 }), write({ startedRealMs: 1_200 })],
    operations: [{ id: 'operation-1200', targetId, startedMs: 1_200, endedMs: 2_200 }],
    history: [
      { ...entry, atMs: 500, status: 'Pending' },
      { ...entry, atMs: 1_200, status: 'Approved', by: postern },
    ],
    ledger: [decided(), ended()],
    open: [],
    attempts: [],
    retaggings: [],
    killedMs: [],
    sweepMs: 30_000,
    approvalMs: 20_000,
    ...change,
  };
}
