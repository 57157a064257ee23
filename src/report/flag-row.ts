import { lower } from '../base/compare';
import { type Flag, flags } from './flags';
import type { ReportRow } from './row';

/** Returns the flags of a row, in the order of `flags`. `now`: when the report is made. Pure. */
export function flagsOf(row: Omit<ReportRow, 'flags'>, now: Date): readonly Flag[] {
  const { endpoint, requester, decision, policy, endsAt } = row;
  const status = lower(row.status);
  const isApproved = status === 'approved';
  const isOrphan = status === 'disconnected' || endpoint === undefined;
  const isMicrosoft = endpoint?.tenant === 'microsoft';
  const endsInTime = isApproved && endsAt !== undefined;
  const set: Readonly<Record<Flag, boolean>> = {
    foreign: endpoint?.tenant === 'other',
    tenantUnknown: endpoint !== undefined && endpoint.tenant === undefined,
    requesterUnknown: isMicrosoft && requester === undefined,
    neverReviewed: decision.source === 'none',
    elsewhere: decision.source === 'elsewhere',
    policyDiffers: isApproved && policy?.asRequest !== undefined && policy.asRequest.effect !== 'approve',
    policyRemoves:
      policy !== undefined && ['reject', 'delete'].includes(policy.now.effect) && status !== 'rejected',
    ends: endsInTime,
    overdue: endsInTime && Date.parse(endsAt) <= now.getTime(),
    orphan: isOrphan,
  };
  return flags.filter((flag) => set[flag]);
}
