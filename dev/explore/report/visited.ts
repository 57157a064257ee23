import type { SimulatedAccount } from '../storage/account';

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
  'superseded',
  'abandoned',
] as const;
export type VisitedState = (typeof operationStates)[number];

/** What can happen to a connection while its operation is in some state. */
export const visitedEvents = [
  'hint',
  'sweep',
  'promised review',
  'next in line',
  'retry',
  'put back',
  'poll',
  'poisoned',
  'changed by others',
  'gone',
  'process ends',
  'policy changes',
] as const;
export type VisitedEvent = (typeof visitedEvents)[number];

/** How often each pair of state and event was met. */
export type Visits = Readonly<Record<string, number>>;

/** Counts the pairs of state and event that a world visits. */
export class Visited {
  readonly #counts = new Map<string, number>();

  constructor(private readonly account: () => SimulatedAccount) {}

  get visits(): Visits {
    return Object.fromEntries(this.#counts);
  }

  /** Notes a message that a host received. */
  onMessage(queue: string, text: string): void {
    const message = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as Message;
    const about = message.connectionId ?? message.id;
    if (about === undefined || message.kind === 'endpoint') return;
    this.note(eventOf(queue, message), about);
  }

  /** Notes an event of a connection, of all connections of a target, or of all that there are. */
  note(event: VisitedEvent, about = ''): void {
    const id = about.toLowerCase();
    for (const row of this.account().table('operations').rows()) {
      const { connectionId } = row;
      if (typeof connectionId !== 'string') continue;
      const own = connectionId.toLowerCase();
      if (own !== id && !own.startsWith(`${id}/`) && id !== '') continue;
      const pair = pairOf(stateOf(row), event);
      this.#counts.set(pair, (this.#counts.get(pair) ?? 0) + 1);
    }
  }
}

interface Message {
  readonly id?: string;
  readonly kind?: string;
  readonly connectionId?: string;
  readonly because?: string;
  readonly origin?: string;
  readonly attempt?: number;
  readonly promisedAt?: string;
}

function eventOf(queue: string, { because, attempt = 0, promisedAt }: Message): VisitedEvent {
  if (queue.endsWith('-poison')) return 'poisoned';
  if (queue === 'operations') return 'poll';
  if (promisedAt !== undefined) return 'promised review';
  if (attempt > 0) return 'put back';
  if (because === 'next in line' || because === 'retry') return because;
  return because?.includes('sweep') === true ? 'sweep' : 'hint';
}

function stateOf(row: Readonly<Record<string, unknown>>): VisitedState {
  const text = row['operation'];
  if (typeof text !== 'string') return 'none';
  const { state, limit, ending } = JSON.parse(text) as {
    readonly state: VisitedState;
    readonly limit?: { readonly state: string };
    readonly ending?: object;
  };
  if (state === 'planned' && limit?.state === 'held') return 'held by a limit';
  return ending === undefined ? state : 'ending';
}

function pairOf(state: VisitedState, event: VisitedEvent): string {
  return `${state} × ${event}`;
}

/** Adds up the visits of several worlds. */
export function sumOf(all: readonly Visits[]): Visits {
  const sum: Record<string, number> = {};
  for (const visits of all)
    for (const [pair, count] of Object.entries(visits)) sum[pair] = (sum[pair] ?? 0) + count;
  return sum;
}

/** Lists the pairs that no world has visited. */
export function unvisited(visits: Visits): readonly string[] {
  return operationStates.flatMap((state) =>
    visitedEvents.map((event) => pairOf(state, event)).filter((pair) => visits[pair] === undefined),
  );
}

/** Formats the visits as a table: a row for each state, a column for each event. */
export function visitsTable(visits: Visits): readonly string[] {
  const width = Math.max(...operationStates.map(({ length }) => length));
  const head = [''.padEnd(width), ...visitedEvents].join(' | ');
  const rows = operationStates.map((state) =>
    [
      state.padEnd(width),
      ...visitedEvents.map((event) => String(visits[pairOf(state, event)] ?? 0).padStart(event.length)),
    ].join(' | '),
  );
  return [head, ...rows];
}
