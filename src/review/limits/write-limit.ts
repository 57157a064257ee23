import { addSeconds } from '../../base/clock';
import { takesAccessAway, type Operation } from '../../operations/operation';
import type { LimitedKind } from '../../policy/policy';
import type { LimitState } from './limit-store';

/**
 * Names the limit that counts an operation: taking an approval away is a kind of its own. Approving is never limited, nor is the
 * end of an approval in time: it was promised with the approval, and whoever has it could fill the limit.
 */
export function limitedKindOf(operation: Operation): LimitedKind | undefined {
  const { effect, endsApproval } = operation;
  if (effect === 'approve' || endsApproval === true) return undefined;
  if (takesAccessAway(operation)) return 'revocations';
  return effect === 'reject' ? 'rejects' : 'deletes';
}

/** Whether a person has let go on what a limit had held. Counted, not timed: clocks of machines differ. */
export function isLifted({ limit }: Operation, { lifts }: LimitState): boolean {
  return limit !== undefined && (limit.state === 'lifted' || limit.lifts < lifts);
}

const windowSeconds = 60 * 60;

/**
 * May one more write begin? A decision that was counted within the hour is not counted again: its write may have been
 * sent before the process ended. Once the limit is reached it admits nothing new, however much time passes.
 */
export function admitWrite(
  state: LimitState,
  write: { readonly decisionId: string; readonly perHour: number; readonly now: Date },
): { readonly admitted: boolean; readonly state: LimitState } {
  const { decisionId, perHour, now } = write;
  const since = addSeconds(now, -windowSeconds);
  const begun = state.begun.filter(({ at }) => new Date(at) > since);
  if (begun.some((other) => other.decisionId === decisionId)) return { admitted: true, state };
  if (state.reachedAt !== undefined) return { admitted: false, state };
  const at = now.toISOString();
  if (begun.length >= perHour) return { admitted: false, state: { ...state, begun, reachedAt: at } };
  return { admitted: true, state: { ...state, begun: [...begun, { decisionId, at }] } };
}

/** A person lets everything go on that was held until now, and counting begins anew. */
export function lifted({ lifts, version }: LimitState): LimitState {
  return { begun: [], reachedAt: undefined, lifts: lifts + 1, version };
}
