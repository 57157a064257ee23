/** The states of a connection's operation in its row, with those that change what comes next told apart. */
export const operationStates = [
  'none',
  'planned',
  'held by a limit',
  'running',
  'ending',
  'applied',
  'failed',
  'expired',
  'unproven',
  'superseded',
  'abandoned',
] as const;
export type VisitedState = (typeof operationStates)[number];

/**
 * What can happen to a connection while its operation is in some state. Messages about a target and what happens to
 * the app count for each connection that they concern.
 */
export const visitedEvents = [
  /** A message asks for a review: because of an event, a sweep, a person, or as scheduled by an earlier review. */
  'hint',
  'sweep',
  'person',
  'promised review',
  'put back',
  /** An operation of the target has ended: others may go on, or it is to be tried again. */
  'next in line',
  'retry',
  /** A message polls this operation, or an earlier one of the connection. */
  'own poll',
  'late poll',
  /** A message has failed five times. */
  'poisoned',
  'changed by others',
  'gone',
  'process ends',
  'policy changes',
] as const;
export type VisitedEvent = (typeof visitedEvents)[number];

/**
 * Pairs that the design rules out, with the reason. All others are possible at any time: requesters, people, providers
 * and machines ask nobody, messages come late and twice, and a review concerns all connections of its target.
 */
const forbidden: Readonly<Record<string, string>> = {
  // The types of simulated worlds have stores of their own; `npm run estate` meets all others.
  ...Object.fromEntries(
    visitedEvents.map((event) => [
      pairOf('unproven', event),
      'only types without a store of their own have ends that cannot be proven',
    ]),
  ),
  [pairOf('none', 'own poll')]: 'there is nothing to poll',
};

export function pairOf(state: VisitedState, event: VisitedEvent): string {
  return `${state} × ${event}`;
}

/** Returns why the design rules a pair out; `undefined` if it allows it. */
export function whyForbidden(pair: string): string | undefined {
  return forbidden[pair];
}

/** Pairs that the design allows, but that need two rare events within minutes: no world is held to meet them. */
const seldom: ReadonlySet<string> = new Set([
  // A process pauses right before its write, a sweep sets the alarm that it seems to have lost, and the process finds
  // its lease lost: the operation is planned again. A limit may hold it then.
  pairOf('planned', 'own poll'),
  pairOf('held by a limit', 'own poll'),
  // A poll comes minutes late, to a connection that went meanwhile, was made again and is held.
  pairOf('none', 'late poll'),
  // A process ends while it ends an operation, and the connection goes before another takes that up.
  pairOf('ending', 'gone'),
  pairOf('ending', 'changed by others'),
  // An operation is given up a day after its connection was asked for, and its state lasts until the next answer.
  pairOf('abandoned', 'hint'),
]);

/** All pairs that the fixed worlds must visit: those that the design allows, without the rarest. */
export const wantedPairs: readonly string[] = operationStates
  .flatMap((state) => visitedEvents.map((event) => pairOf(state, event)))
  .filter((pair) => whyForbidden(pair) === undefined && !seldom.has(pair));
