import { addSeconds } from '../../base/clock';
import { takesAccessAway, type Operation } from '../../operations/operation';
import type { LimitedKind } from '../../policy/policy';
import type { LimitState } from './limit-store';

/**
 * Returns the limit that counts an operation; `undefined` if none does. Taking an approval away has
 * a limit of its own. Approvals are never limited, nor is the end of a time-limited approval: it
 * was promised with the approval, and whoever has the approval could fill the limit.
 */
export function limitedKindOf(operation: Operation): LimitedKind | undefined {
  const { effect, endsApproval } = operation;
  if (effect === 'approve' || endsApproval === true) return undefined;
  if (takesAccessAway(operation)) return 'revocations';
  return effect === 'reject' ? 'rejects' : 'deletes';
}

/**
 * Tells whether a person has lifted the limit that held the operation. Based on a count instead of
 * a time, because clocks of machines differ.
 */
export function isLifted({ limit }: Operation, { lifts }: LimitState): boolean {
  return limit !== undefined && (limit.state === 'lifted' || limit.lifts < lifts);
}

const windowSeconds = 60 * 60;

/**
 * Decides whether one more write may begin. A decision that was counted within the hour is not
 * counted again, because its write may have been sent before the process died, but it counts from
 * now on: it is about to be sent, perhaps once more. Once the limit is reached, nothing new is
 * admitted, however much time passes.
 */
export function admitWrite(
  state: LimitState,
  write: { readonly decisionId: string; readonly perHour: number; readonly now: Date },
): { readonly admitted: boolean; readonly state: LimitState } {
  const { decisionId, perHour, now } = write;
  const since = addSeconds(now, -windowSeconds);
  const begun = state.begun.filter(({ at }) => new Date(at) > since);
  const at = now.toISOString();
  const others = begun.filter((other) => other.decisionId !== decisionId);
  if (others.length < begun.length)
    return { admitted: true, state: { ...state, begun: [...others, { decisionId, at }] } };
  if (state.reachedAt !== undefined) return { admitted: false, state };
  if (begun.length >= perHour) return { admitted: false, state: { ...state, begun, reachedAt: at } };
  return { admitted: true, state: { ...state, begun: [...begun, { decisionId, at }] } };
}

/**
 * Returns the state after a person has lifted the limit: everything held until now may continue,
 * and counting restarts.
 */
export function lifted({ lifts, version }: LimitState): LimitState {
  return { begun: [], reachedAt: undefined, lifts: lifts + 1, version };
}
