import type { AuditRecord } from '../../src/audit/audit-record';
import {
  connectionIdOf,
  parseTargetId,
  type ConnectionId,
  type TargetId,
} from '../../src/connections/resource-id';
import type { Operation, ConnectionState } from '../../src/operations/operation';

const subscription = '11111111-2222-3333-4444-555555555555';

/** Returns the id of a Key Vault. Different names give different targets. */
export function sampleTarget(name = 'vault-one'): TargetId {
  return parseTargetId(
    `/subscriptions/${subscription}/resourceGroups/Shared-RG/providers/Microsoft.KeyVault/vaults/${name}`,
  );
}

export function sampleConnection(name = 'conn-1', target = sampleTarget()): ConnectionId {
  return connectionIdOf(target, name);
}

/** Returns a `decided` record with every field. */
export function sampleRecord(changes: Partial<AuditRecord> = {}): AuditRecord {
  return {
    version: 1,
    id: 'd1|decided',
    kind: 'decided',
    at: '2026-01-05T12:00:00.000Z',
    decisionId: 'd1',
    target: sampleTarget().id,
    targetType: 'Microsoft.KeyVault/vaults',
    connection: sampleConnection().id,
    endpoint: `/subscriptions/${subscription}/resourceGroups/app/providers/Microsoft.Network/privateEndpoints/pe-1`,
    message: "Für das Team „Daten“, it's urgent 👍",
    status: 'Pending',
    effect: 'approve',
    rules: ['landing-zones', 'quota'],
    reason: 'The endpoint is in a landing zone',
    policyDigest: 'ab'.repeat(32),
    mode: 'enforce',
    operation: { attempt: 1, startedAt: '2026-01-05T12:00:01.000Z', polls: 3, lastHttpStatus: 202 },
    traceId: '0af7651916cd43dd8448eb211c80319c',
    ...changes,
  };
}

/** Returns a running approval with every field that it can have. */
export function sampleOperation(changes: Partial<Operation> = {}): Operation {
  return {
    id: 'd1.1',
    decisionId: 'd1',
    attempt: 1,
    effect: 'approve',
    state: 'running',
    decided: sampleRecord(),
    plannedAt: '2026-01-05T12:00:00.000Z',
    startedAt: '2026-01-05T12:00:01.000Z',
    dueAt: '2026-01-05T12:00:11.000Z',
    ticket: {
      version: 1,
      connectionId: sampleConnection().id,
      effect: 'approve',
      statusBefore: 'Pending',
      phase: 'operation',
      operationUrl: 'https://management.azure.com/operations/1',
      confirmed: true,
      pollFloorSeconds: 10,
      timing: {
        sentAt: '2026-01-05T12:00:01.000Z',
        durations: [35.5, 40],
        waitedSeconds: 40,
        runningAt: 30,
      },
      deadlineAt: '2026-01-05T12:15:00.000Z',
      polls: 3,
    },
    lastHttpStatus: 202,
    ...changes,
  };
}

/** Returns a row that was never stored. */
export function sampleConnectionState(changes: Partial<ConnectionState> = {}): ConnectionState {
  return {
    connection: sampleConnection(),
    endpointKey: `/subscriptions/${subscription}/resourcegroups/app/providers/microsoft.network/privateendpoints/pe-1`,
    status: 'Pending',
    generation: 1,
    firstSeen: '2026-01-05T11:59:00.000Z',
    decisionId: 'd1',
    operation: sampleOperation(),
    ...changes,
  };
}
