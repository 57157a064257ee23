import { localIdentity, type LocalAzure, type RequestRecord } from '../azure';
import type { AuditEvent } from './timeline/audit-event';
import { labelOf } from './timeline/describe';
import { person, plannedConnections, rushed, type Ending, type PlannedConnection } from './world';

export interface Result {
  readonly planned: PlannedConnection;
  /**
   * `undefined`: not settled yet. `otherwise …`: an unexpected end. With a policy of your own also `would …`: the
   * effect in audit mode, and `untouched`: not Pending, and no rule is about it.
   */
  readonly ending: Ending | `otherwise ${string}` | `would ${string}` | 'untouched' | undefined;
  readonly rules: readonly string[];
  readonly status: string;
}

/** Follows the sample connections through audit records, and plays the person who does not wait. */
export interface Scenario {
  readonly onAudit: (event: AuditEvent) => void;
  readonly onRequest: (record: RequestRecord) => void;
  /** Returns whether every sample connection has ended, in the audit and in the local Azure. */
  isSettled(): boolean;
  results(): readonly Result[];
}

/** Creates a scenario for the shipped policy, or for one of your own, whose endings nobody has planned. */
export function createScenario(
  azure: () => LocalAzure,
  { isShipped }: { readonly isShipped: boolean },
): Scenario {
  const endRecords = new Map<string, AuditEvent>();
  const decided = new Map<string, AuditEvent>();
  let hurried = false;

  async function hurry(): Promise<void> {
    const connection = connectionOf(azure(), rushed);
    if (connection === undefined) return;
    azure().faults.clear();
    await azure().control.actAs(person, {
      connectionId: connection.id,
      kind: 'approve',
      description: 'I could not wait',
    });
  }

  const results = (): readonly Result[] =>
    plannedConnections.map((planned) => {
      const status = connectionOf(azure(), planned)?.status ?? 'gone';
      const decision = decided.get(planned.label);
      return {
        planned,
        status,
        rules: decision?.rules ?? [],
        ending: (isShipped ? endingOf : ownEndingOf)(decision, endRecords.get(planned.label), status),
      };
    });

  return {
    onAudit: (event) => {
      if (event.kind === 'decided') decided.set(labelOf(event), event);
      if (endings.has(event.kind)) endRecords.set(labelOf(event), event);
    },
    onRequest: (record) => {
      const refused = record.status === 409 && record.faults.includes(rushFault) && !hurried;
      if (!refused) return;
      hurried = true;
      void hurry();
    },
    isSettled: () => results().every(({ ending }) => ending !== undefined),
    results,
  };
}

const endings = new Set(['applied', 'failed', 'expired', 'unproven', 'superseded', 'abandoned']);
const rushFault = 'rush';

/**
 * Makes the vault answer 409 to Postern's approval of the rushed connection, until the person has approved
 * it.
 */
export function prepareRush(azure: LocalAzure): void {
  const name = rushed?.label.split('/')[1] ?? '';
  azure.faults.add({
    id: rushFault,
    method: 'PUT',
    path: `privateEndpointConnections/${name}`,
    principal: localIdentity.objectId,
    effect: { kind: 'status', status: 409, code: 'ConflictError', message: 'A conflict occurred.' },
  });
}

function connectionOf(
  azure: LocalAzure,
  planned: PlannedConnection | undefined,
): { id: string; status: string } | undefined {
  if (planned === undefined) return undefined;
  const target = azure.world.targets.get(planned.targetId.toLowerCase());
  return [...(target?.connections.values() ?? [])].find(
    ({ endpointId }) => endpointId.toLowerCase() === planned.endpointId.toLowerCase(),
  );
}

const expected: Readonly<Record<string, readonly [status: string, Ending]>> = {
  approve: ['Approved', 'approved'],
  reject: ['Rejected', 'rejected'],
  delete: ['gone', 'deleted'],
};

/** Returns how a connection ended, if the audit and the local Azure agree. */
function endingOf(
  decision: AuditEvent | undefined,
  end: AuditEvent | undefined,
  status: string,
): Result['ending'] {
  if (decision === undefined) return undefined;
  if (end?.kind === 'superseded') return 'superseded';
  if (decision.effect === 'hold' && end === undefined) return status === 'Pending' ? 'held' : undefined;
  if (end === undefined) return undefined;
  if (end.kind !== 'applied') return `otherwise ${end.kind}`;
  const [wanted, ending] = expected[end.effect ?? ''] ?? [];
  return ending !== undefined && status === wanted ? ending : `otherwise ${status}`;
}

/**
 * Returns how a connection ended under a policy of your own: a hold is an end whatever the status, and so is a
 * decision in audit mode.
 */
function ownEndingOf(
  decision: AuditEvent | undefined,
  end: AuditEvent | undefined,
  status: string,
): Result['ending'] {
  if (decision === undefined) return status === 'Disconnected' ? 'untouched' : undefined;
  if (end !== undefined) return endingOf(decision, end, status);
  if (decision.effect === 'hold') return 'held';
  return decision.mode === 'audit' ? `would ${decision.effect ?? ''}` : undefined;
}
