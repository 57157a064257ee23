import type { AuditLog } from '../../audit/audit-log';
import type { AuditRecord } from '../../audit/audit-record';
import { addSeconds, type Clock } from '../../base/clock';
import type { Logger } from '../../base/logger';
import { sanitize } from '../../base/text';
import type { OperationStore } from '../../operations/operation-store';
import type { ExpectedRequest, ExpectedRequests } from '../../policy/expected/expected-requests';
import { recordPolicyProblem } from '../failure/record-policy-problem';
import { targetRecord } from '../records';

/** The ports of `createTellExpected`. */
export interface TellExpectedPorts {
  readonly operations: OperationStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long after its end an announcement is told, in seconds. What was used is remembered as long. */
const toldWithinSeconds = 24 * 60 * 60;

/**
 * Creates what tells of announcements: those that cannot be read, once a day, and each whose request did not come,
 * once. Each is looked up once per process.
 */
export function createTellExpected(
  ports: TellExpectedPorts,
): (expected: ExpectedRequests, traceId: string | undefined) => Promise<void> {
  let known: ReadonlySet<string> = new Set();

  async function recordIfLapsed(
    request: ExpectedRequest,
    now: Date,
    traceId: string | undefined,
  ): Promise<void> {
    const { spent = [] } = await ports.operations.load(request.target);
    if (spent.some(({ id }) => id === request.id)) return;
    await ports.audit.record([lapsedRecord(request, now, traceId)]);
  }

  return async ({ requests, problems, digest }, traceId) => {
    if (problems.length > 0) await recordPolicyProblem(ports, 'announced', { digest, problems });
    const now = ports.clock.now();
    const ended = requests.filter(({ until }) => until <= now && now < addSeconds(until, toldWithinSeconds));
    const told = new Set([...known].filter((id) => ended.some((request) => request.id === id)));
    for (const request of ended) {
      if (!told.has(request.id)) await recordIfLapsed(request, now, traceId);
      told.add(request.id);
    }
    known = told;
  };
}

function lapsedRecord(
  { id, target, by, until, who }: ExpectedRequest,
  now: Date,
  traceId: string | undefined,
): AuditRecord {
  const name = who.kind === 'endpoint' ? who.endpointKey : `${who.name} of tenant ${who.tenantId}`;
  return {
    ...targetRecord({ target, now, traceId }),
    id: `${id}|lapsed`,
    kind: 'lapsed',
    reason: sanitize(`Nobody used the announcement of ${name} by ${by}: it ended at ${until.toISOString()}`),
  };
}
