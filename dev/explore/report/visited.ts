import type { SimulatedAccount } from '../storage/account';
import type { StoredRow } from '../storage/table/entity';
import {
  wantedPairs,
  operationStates,
  pairOf,
  type VisitedEvent,
  visitedEvents,
  type VisitedState,
  whyForbidden,
} from './pairs';

/** How often each pair of state and event was met. */
export type Visits = Readonly<Record<string, number>>;

export interface VisitedParts {
  readonly account: () => SimulatedAccount;
  /** Called with each visit of a pair that the design rules out, and the connection's id. */
  readonly onForbidden: (what: string, connectionId: string) => void;
}

/** Counts the pairs of state and event that a world visits. */
export class Visited {
  readonly #counts = new Map<string, number>();
  /** The connections of the rows when they had last changed, in their order. */
  #subjects: readonly Subject[] = [];
  #changeCount = -1;
  /** What is known about a row: a row is never changed, only replaced. */
  readonly #known = new WeakMap<StoredRow, Subject>();

  constructor(private readonly parts: VisitedParts) {}

  get visits(): Visits {
    return Object.fromEntries(this.#counts);
  }

  /** Notes a message that a host received. */
  onMessage(queue: string, text: string): void {
    const message = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as Message;
    const about = message.connectionId ?? message.id;
    if (about === undefined || message.kind === 'endpoint') return;
    const event = eventOf(queue, message);
    if (event !== 'own poll') return this.note(event, about);
    this.#each(about, (subject) =>
      this.#count(subject, subject.operationId === message.operationId ? event : 'late poll'),
    );
  }

  /** Notes an event of a connection, of all connections of a target, or of all that there are. */
  note(event: VisitedEvent, about = ''): void {
    this.#each(about, (subject) => this.#count(subject, event));
  }

  #each(about: string, visit: (subject: Subject) => void): void {
    const id = about.toLowerCase();
    for (const subject of this.#allSubjects()) {
      const { own } = subject;
      if (id === '' || own === id || own.startsWith(`${id}/`)) visit(subject);
    }
  }

  #allSubjects(): readonly Subject[] {
    const table = this.parts.account().table('operations');
    if (table.changeCount !== this.#changeCount) {
      this.#changeCount = table.changeCount;
      this.#subjects = [...table.rows()].flatMap((row) => {
        const subject = this.#known.get(row) ?? subjectFrom(row);
        if (subject === undefined) return [];
        this.#known.set(row, subject);
        return [subject];
      });
    }
    return this.#subjects;
  }

  #count({ state, own }: Subject, event: VisitedEvent): void {
    const pair = pairOf(state, event);
    this.#counts.set(pair, (this.#counts.get(pair) ?? 0) + 1);
    const why = whyForbidden(pair);
    if (why !== undefined) this.parts.onForbidden(`${pair}, but ${why}`, own);
  }
}

interface Message {
  readonly id?: string;
  readonly kind?: string;
  readonly connectionId?: string;
  readonly operationId?: string;
  readonly because?: string;
  readonly origin?: string;
  readonly attempt?: number;
  readonly promisedAt?: string;
}

/** Returns the event that a message is. Every poll is an own one at first. */
function eventOf(queue: string, { because, origin, attempt = 0, promisedAt }: Message): VisitedEvent {
  if (queue.endsWith('-poison')) return 'poisoned';
  if (queue === 'operations') return 'own poll';
  if (promisedAt !== undefined) return 'promised review';
  if (attempt > 0) return 'put back';
  if (because === 'next in line' || because === 'retry') return because;
  if (origin === 'person' || because === 'a limit was lifted') return 'person';
  return because === 'event' ? 'hint' : 'sweep';
}

/** A connection as its row tells of it. */
interface Subject {
  /** Its id in lower case. */
  readonly own: string;
  readonly state: VisitedState;
  readonly operationId: string | undefined;
}

/** Returns the connection of a row; `undefined` if the row is about something else. */
function subjectFrom({ connectionId, operation: text }: StoredRow): Subject | undefined {
  if (typeof connectionId !== 'string') return undefined;
  const own = connectionId.toLowerCase();
  if (typeof text !== 'string') return { own, state: 'none', operationId: undefined };
  const { id, state, limit, ending } = JSON.parse(text) as {
    readonly id: string;
    readonly state: VisitedState;
    readonly limit?: { readonly state: string };
    readonly ending?: object;
  };
  const isHeld = state === 'planned' && limit?.state === 'held';
  const shown = isHeld ? 'held by a limit' : ending === undefined ? state : 'ending';
  return { own, state: shown, operationId: id };
}

/** Adds up the visits of several worlds. */
export function sumOf(all: readonly Visits[]): Visits {
  const sum: Record<string, number> = {};
  for (const visits of all)
    for (const [pair, count] of Object.entries(visits)) sum[pair] = (sum[pair] ?? 0) + count;
  return sum;
}

/** Lists the pairs that some world should have visited and none has. */
export function unvisited(visits: Visits): readonly string[] {
  return wantedPairs.filter((pair) => visits[pair] === undefined);
}

/** Formats the visits as a table: a row for each state, a column for each event; `-`: ruled out by the design. */
export function visitsTable(visits: Visits): readonly string[] {
  const width = Math.max(...operationStates.map(({ length }) => length));
  const head = [''.padEnd(width), ...visitedEvents].join(' | ');
  const cell = (pair: string): string => (whyForbidden(pair) === undefined ? '0' : '-');
  const rows = operationStates.map((state) =>
    [
      state.padEnd(width),
      ...visitedEvents.map((event) => {
        const pair = pairOf(state, event);
        return String(visits[pair] ?? cell(pair)).padStart(event.length);
      }),
    ].join(' | '),
  );
  return [head, ...rows];
}
