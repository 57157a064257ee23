import type { ProfileStates, WriteKind } from '../../model/world';
import type { TypeEvidence } from './evidence';

/** Returns the provisioning states of a type's connections, as they were recorded. */
export function statesOf(
  { states, write }: TypeEvidence,
  { isInstant, whileRunning }: { readonly isInstant: boolean; readonly whileRunning: string | undefined },
): ProfileStates {
  const [end] = states.terminal ?? [];
  const pending = states.pendingLooksLike?.split('/')[0];
  const rest = (status: string): string | undefined => {
    if (status === 'Pending' && pending !== undefined) return pending;
    return (
      states.terminalByStatus?.[status]?.[0] ?? (status === 'Pending' && isWeb(states) ? 'Pending' : end)
    );
  };
  const transitions = new Set((write.replies ?? []).map(({ statusShown }) => statusShown?.split(':')[1]));
  const transitionOf = (kind: WriteKind): string | undefined => {
    if (!transitions.has('Approving')) return undefined;
    return { approve: 'Approving', reject: 'Rejecting', delete: 'Disconnecting' }[kind];
  };
  return { rest, working: isInstant ? end : end && (whileRunning ?? 'Updating'), transitionOf };
}

/** A web app's connection rests at `Pending` until it is approved. */
function isWeb({ terminalByStatus }: TypeEvidence['states']): boolean {
  return terminalByStatus !== undefined;
}
