import type { Requester, Trait } from '../../../chaos/plan/expected-answers';
import { type AnswerEffect, type AnswerPolicy, isNamed, whoMay } from '../../world/console/answer-policy';
import type { PolicyVersion } from '../../world/policy-version';
import type { LedgerRow } from '../ledger-row';
import type { Answered, Attempt } from './attempt';
import { Questions } from './questions';

export interface AnswerLawParts {
  readonly nowMs: () => number;
  /** Absent: the world has no console, and nobody answers. */
  readonly policy: AnswerPolicy | undefined;
  /** Returns what the policy's say depends on. */
  readonly subjectOf: (
    connection: string,
  ) => { readonly requester: Requester; readonly trait: Trait } | undefined;
  /** Returns the version of the policy with a digest that a worker may have in hand; absent: there is none. */
  readonly versionInHand: (digest: string) => PolicyVersion | undefined;
  /** Whether ARM tells lies, so that rules may have read something else than the table says. */
  readonly isLied: boolean;
}

/** How long an answer may wait. */
const voidMs = 24 * 3_600_000;
/** How old the time may be that a write goes by: a review may last ten minutes, and clocks differ. */
const reviewMs = 11 * 60_000;
/** How old the tags may be that a write goes by. */
const freshMs = 30_000;
/** How far the clocks of instances may be apart. */
const clockMs = 10_000;
const hourMs = 3_600_000;
/** Between the time of an answer and its being counted, storage may be slow. */
const countMs = 10 * 60_000;

/** An answer that has not come to its end. */
export interface OpenAnswer {
  readonly what: string;
  readonly connection: string;
}

/**
 * Knows what people answered, from what they sent and saw themselves and from the ledger. A write that no rule wants
 * must have a valid answer behind it: of enough people whom the policy names, to the question that they saw, not taken
 * back, and not older than a day. Each answer that was taken ends.
 */
export class AnswerLaw {
  readonly #attempts = new Map<string, Attempt>();
  readonly #answered: Answered[] = [];
  /** The attempts to which the app replied that they were taken. */
  readonly #accepted = new Set<Attempt>();
  readonly #questions = new Questions();
  /** The people whose answers the rows hold, by connection. */
  readonly #held = new Map<string, number>();
  /** When approvals by people end, by connection; `Infinity`: never. Absent: the policy approved. */
  readonly #ends = new Map<string, number>();

  /** When endpoints got the tags that they have, by their ids in lower case. */
  readonly #tagged = new Map<string, number>();

  constructor(private readonly parts: AnswerLawParts) {}

  /** Notes that an endpoint has other tags now, which a rule reads. */
  onTagged(endpointId: string): void {
    this.#tagged.set(endpointId.toLowerCase(), this.parts.nowMs());
  }

  /** Notes that a person sends an answer. */
  onSent(attempt: Attempt): void {
    this.#attempts.set(keyOf(attempt.reason, attempt.looked.decisionId), attempt);
  }

  /** Notes that the app took an answer. */
  onAccepted(attempt: Attempt): void {
    this.#accepted.add(attempt);
  }

  /** Notes that the app let a person take an answer back, for which they asked at `askedMs`. */
  onTakenBack({ person: { oid }, connection, looked: { decisionId } }: Attempt, askedMs: number): void {
    for (const each of this.#of(connection, decisionId))
      if (each.person.oid === oid && each.storedMs <= askedMs) each.over ??= 'withdrawn';
  }

  /** Notes a connection's row. */
  onRow(connection: string, row: Readonly<Record<string, unknown>> | undefined): void {
    const { status, generation, answer } = row ?? {};
    const text = `${String(status)} ${String(generation)}`;
    const question = row === undefined ? undefined : { status: String(status), text };
    this.#questions.onRow(connection, question, this.parts.nowMs());
    const { given } =
      typeof answer === 'string'
        ? (JSON.parse(answer) as { readonly given: readonly object[] })
        : { given: [] };
    this.#held.set(connection, given.length);
  }

  /** Notes a row of the ledger. Returns what is wrong with it. */
  onLedger(row: LedgerRow, connection: string): string | undefined {
    const { kind, answers, effect, by = '' } = row;
    if (effect === 'approve' && (kind === 'decided' || kind === 'applied')) {
      if (answers === undefined) this.#ends.delete(connection);
      else this.#ends.set(connection, this.#endOf(connection, answers));
    }
    if (answers === undefined) return undefined;
    if (kind === 'answered') return this.#onAnswered(row, connection);
    for (const each of this.#of(connection, answers)) {
      if (each.effect !== effect || !by.includes(each.person.oid) || each.over !== undefined) continue;
      // The same person may have answered again.
      if (kind === 'withdrawn' && row.id.endsWith(`|${new Date(each.atMs).toISOString()}`))
        each.over = 'withdrawn';
      if (kind === 'lapsed' && each.atMs <= row.atMs + clockMs) each.over = 'void';
      if (kind === 'decided') each.isDecided = true;
    }
    return undefined;
  }

  #onAnswered(row: LedgerRow, connection: string): string | undefined {
    const { answers = '', reason = '', by = '', atMs, storedMs, effect } = row;
    const attempt = this.#attempts.get(keyOf(reason, answers));
    if (attempt === undefined || attempt.connection !== connection || attempt.effect !== effect)
      return `the ledger has an answer to ${effect} that nobody gave: ${reason}`;
    if (!by.includes(attempt.person.oid))
      return `an answer of ${attempt.person.name} is told as one by ${by}`;
    this.#answered.push({ ...attempt, atMs, storedMs, isDecided: false });
    return this.#excessAt(atMs);
  }

  /** Tells whether more answers were taken in an hour than the policy allows. The same question counts once. */
  #excessAt(atMs: number): string | undefined {
    const { perHour } = this.parts.policy ?? { perHour: { person: 0, all: 0 } };
    const within = this.#answered.filter((each) => Math.abs(atMs - each.atMs) < (hourMs - countMs) / 2);
    const counted = new Map(
      within.map((each) => [`${each.person.oid} ${each.looked.decisionId}`, each.person.name]),
    );
    if (counted.size > perHour.all)
      return `${counted.size} answers in one hour, and the policy allows ${perHour.all}`;
    for (const name of new Set(counted.values())) {
      const own = [...counted.values()].filter((each) => each === name).length;
      if (own > perHour.person)
        return `${own} answers of ${name} in one hour, and ${perHour.person} are allowed`;
    }
    return undefined;
  }

  /**
   * Says why no valid answer is behind a write that no rule wants. Resolves to `undefined` if one is, and to
   * `nobody` if no such answer was ever taken.
   */
  problemOf(write: {
    readonly connection: string;
    readonly effect: AnswerEffect;
    /** The endpoint that ARM has shown last, in lower case. */
    readonly endpointId: string;
  }): string | undefined {
    const own = this.#answered.filter(
      (each) => each.connection === write.connection && each.effect === write.effect,
    );
    const ids = new Set(own.map(({ looked }) => looked.decisionId));
    const problems = [...ids].map((id) =>
      this.#problemOfGroup(
        own.filter(({ looked }) => looked.decisionId === id),
        write.endpointId,
      ),
    );
    return problems.includes(undefined) ? undefined : (problems.at(-1) ?? 'nobody');
  }

  #problemOfGroup(all: readonly Answered[], endpointId: string): string | undefined {
    const counting = all.filter(({ over }) => over === undefined);
    const [first] = counting;
    if (first === undefined) return `the answer was ${all[0]?.over === 'void' ? 'void' : 'taken back'}`;
    const now = this.parts.nowMs();
    const { connection, effect, looked } = first;
    const version = this.parts.versionInHand(looked.policyDigest);
    if (version === undefined) return 'the policy has changed since it was answered';
    if (!this.#questions.isStill(connection, looked)) return 'the question has changed since it was answered';
    if (looked.endpointId !== '' && endpointId !== '' && looked.endpointId !== endpointId)
      return 'another endpoint was answered';
    const taggedMs = this.parts.isLied ? undefined : this.#tagged.get(looked.endpointId);
    if (
      taggedMs !== undefined &&
      now > taggedMs + freshMs &&
      counting.some((each) => each.looked.untilMs < taggedMs)
    )
      return 'the endpoint got other tags since it was answered';
    if (counting.some(({ atMs }) => atMs + voidMs < now - reviewMs)) return 'the answer is older than a day';
    if (counting.some(({ endsMs = Infinity }) => endsMs < now - reviewMs))
      return 'the approval would be over';
    const { needed, problem } = this.#problemOfPeople(counting, { version, effect, connection });
    if (problem !== undefined) return problem;
    const people = new Set(counting.map(({ person }) => person.oid)).size;
    return people < needed ? `${people} of ${needed} people have answered` : undefined;
  }

  #problemOfPeople(
    counting: readonly Answered[],
    about: { readonly version: PolicyVersion; readonly effect: AnswerEffect; readonly connection: string },
  ): { readonly needed: number; readonly problem: string | undefined } {
    const { policy, isLied } = this.parts;
    const subject = this.parts.subjectOf(about.connection);
    if (policy === undefined || subject === undefined) return { needed: 1, problem: 'nobody may answer' };
    const { version, effect } = about;
    const may = whoMay(policy, { ...subject, version, effect });
    const allowed = (person: Attempt['person']): boolean =>
      // Where ARM tells lies, a rule that would hold may not have matched: then the policy's own list counts.
      isNamed(may.lists, person) ||
      (isLied && version !== 'audit' && isNamed([policy.lists[effect]], person));
    const stranger = counting.find(({ person }) => !allowed(person));
    if (stranger !== undefined)
      return { needed: 1, problem: `${stranger.person.name} may not ${effect} this` };
    const silent =
      policy.reason === undefined
        ? []
        : counting.filter(({ reason }) => !new RegExp(policy.reason ?? '').test(reason));
    if (silent.length > 0) return { needed: 1, problem: 'the reason lacks what the policy wants' };
    return { needed: isLied ? 1 : may.needed, problem: undefined };
  }

  /** Returns when the approval of a connection ends that people gave; `Infinity`: never; `undefined`: policy gave it. */
  endOf(connection: string): number | undefined {
    return this.#ends.get(connection);
  }

  /** Lists the answers that were taken and have not come to an end: no write, no lapse, not taken back. */
  open(): readonly OpenAnswer[] {
    const held = [...this.#held].filter(([, count]) => count > 0);
    const untold = [...this.#accepted].filter(
      ({ reason, looked }) =>
        !this.#answered.some(
          (each) => each.reason === reason && each.looked.decisionId === looked.decisionId,
        ),
    );
    const unended = this.#answered.filter(({ over, isDecided }) => over === undefined && !isDecided);
    return [
      ...held.map(([connection]) => ({
        what: `an answer to ${nameOf(connection)} is still waiting`,
        connection,
      })),
      ...untold.map(({ person, connection }) => ({
        what: `an answer of ${person.name} to ${nameOf(connection)} was taken, and is not in the ledger`,
        connection,
      })),
      ...unended.map(({ person, connection, effect }) => ({
        what: `${person.name}'s answer to ${effect} ${nameOf(connection)} has no end`,
        connection,
      })),
    ];
  }

  #of(connection: string, decisionId: string): readonly Answered[] {
    return this.#answered.filter(
      (each) => each.connection === connection && each.looked.decisionId === decisionId,
    );
  }

  #endOf(connection: string, decisionId: string): number {
    const ends = this.#of(connection, decisionId)
      .filter(({ effect, over }) => effect === 'approve' && over === undefined)
      .map(({ endsMs = Infinity }) => endsMs);
    return Math.min(...ends, Infinity);
  }
}

function keyOf(reason: string, decisionId: string): string {
  return `${decisionId} ${reason}`;
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
