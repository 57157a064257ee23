import { sanitize } from '../base/text';
import type { EndpointFacts, Facts } from '../policy/facts/facts';
import { withTenantKind } from '../policy/facts/tenant-kind';
import { flagsOf } from './flag-row';
import type { HistoryAnswer } from './history';
import { longest } from './longest';
import type {
  ReportDecision,
  ReportEndpoint,
  ReportRequester,
  ReportRow,
  ReportVerdict,
  ReportVerdicts,
} from './row';

/** What a row is made of. */
export interface RowParts {
  readonly facts: Facts;
  readonly history: HistoryAnswer;
  readonly verdicts: ReportVerdicts | undefined;
  /** The tenants in which services of Microsoft make endpoints. GUIDs in lower case. */
  readonly microsoftTenants: ReadonlySet<string>;
  /** When the report is made. */
  readonly now: Date;
}

/** Builds the row of one connection. All its texts may come from strangers: it sanitizes and cuts them. Pure. */
export function buildRow({ facts, history, verdicts, microsoftTenants, now }: RowParts): ReportRow {
  const { connection, target, requesterProof } = facts;
  const { endpoint } = withTenantKind(facts, microsoftTenants);
  const row = {
    connection: idText(connection.id),
    target: idText(target.id),
    type: nameText(target.type),
    subscription: nameText(target.subscriptionId),
    status: nameText(connection.status),
    groupIds: connection.groupIds.slice(0, longest.entries).map(nameText),
    message: sanitize(connection.message, longest.text),
    endpoint: endpoint && endpointOf(endpoint),
    requester: facts.requester && requesterOf(facts.requester),
    requesterProof: requesterProof === undefined ? undefined : sanitize(requesterProof, longest.text),
    since: history.since,
    decision: decisionOf(history.decision),
    endsAt: history.endsAt,
    policy: verdicts && {
      now: verdictOf(verdicts.now),
      asRequest: verdicts.asRequest && verdictOf(verdicts.asRequest),
    },
  };
  return { ...row, flags: flagsOf(row, now) };
}

function endpointOf({ id, subscriptionId, tenantId, tenant }: EndpointFacts): ReportEndpoint {
  return {
    id: idText(id),
    subscription: nameText(subscriptionId),
    tenantId: tenantId === undefined ? undefined : nameText(tenantId),
    tenant,
  };
}

function requesterOf(requester: NonNullable<Facts['requester']>): ReportRequester {
  const { id, type, subscriptionId, subscriptionName, managementGroups } = requester;
  return {
    id: idText(id),
    type: nameText(type),
    subscription: nameText(subscriptionId),
    subscriptionName: subscriptionName === undefined ? undefined : nameText(subscriptionName),
    managementGroups: managementGroups?.slice(0, longest.entries).map(nameText),
  };
}

function decisionOf(decision: ReportDecision): ReportDecision {
  const { rules, by, reason } = decision;
  return {
    ...decision,
    rules: rules?.slice(0, longest.entries).map(nameText),
    by: by === undefined ? undefined : sanitize(by, longest.text),
    reason: reason === undefined ? undefined : sanitize(reason, longest.text),
  };
}

function verdictOf({ effect, rules, reason }: ReportVerdict): ReportVerdict {
  return {
    effect,
    rules: rules.slice(0, longest.entries).map(nameText),
    reason: sanitize(reason, longest.text),
  };
}

function idText(id: string): string {
  return sanitize(id, longest.id);
}

function nameText(name: string): string {
  return sanitize(name, longest.name);
}
