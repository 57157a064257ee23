import { finalStates, type Progress } from '../../../../connections/connection';
import type { WireStates } from './wire-type';

/** The words for work in progress, of the states and of the statuses of all recorded types. */
const workingWords: ReadonlySet<string> = new Set([
  'accepted',
  'approving',
  'creating',
  'deleting',
  'disconnecting',
  'dropping',
  'inprogress',
  'pending',
  'processing',
  'provisioning',
  'rejecting',
  'running',
  'updating',
  'waiting',
]);

/** The states of a request that waits for its answer, while its status is Pending. */
const waitingStates: ReadonlySet<string> = new Set(['pending', 'waiting']);

/**
 * Tells how far the provider is, from a connection's state and status. Some types have no state, some leave a
 * rejected connection at `Pending`, and some say `Waiting` while they wait for the answer.
 */
export function progressFrom(states: WireStates, state: string | undefined, status: string): Progress {
  const shown = status.toLowerCase();
  const word = (state ?? '').toLowerCase();
  if (shown !== 'pending' && workingWords.has(shown)) return 'working';
  const own = states.byStatus?.[shown] ?? states.terminal;
  if (word === '' || own.includes(word) || finalStates.has(word)) return 'final';
  if (shown === 'pending' && waitingStates.has(word)) return 'final';
  return workingWords.has(word) || states.working?.includes(word) === true ? 'working' : 'unknown';
}
