import type { LocalReply, LocalRequest, RequestRecord } from '../../azure';
import type { Operation } from '../../azure/model/world';
import type { HistoryEntry } from '../../chaos/recorder';
import type { ExpectedEffect } from '../../chaos/plan/expected-answers';
import type { PlannedConnection } from '../../chaos/plan/draw-connections';
import type { PlannedTarget } from '../../chaos/plan/draw-targets';
import type { AnswerPolicy } from '../world/console/answer-policy';
import { approvalMinutes, expectedEffectsIn, type PolicyLimits } from '../world/policies';
import type { PolicyVersion } from '../world/policy-version';
import { AnswerLaw } from './answers/answer-law';
import { Absences } from './absences';
import { connectionPath, itemsOf, writeOf, type Write, type WrittenEffect } from './arm-traffic';
import type { LedgerRow } from './ledger-row';
import { LimitLaw } from './limits';
import { ListLaw } from './lists';
import { PoliciesInHand, type PublishedPolicy, type Standstill } from './policies-in-hand';

/** A law that a world broke. */
export interface Violation {
  readonly law: Law;
  readonly what: string;
  /** The name that the story follows: a connection's or a target's. */
  readonly about: string;
  readonly atMs: number;
}

export type Law =
  | 'one-write-at-a-time'
  | 'only-what-policy-wants'
  | 'only-what-was-read'
  | 'only-what-was-answered'
  | 'answers-as-allowed'
  | 'never-on-old-knowledge'
  | 'decided-before-written'
  | 'limits-hold'
  | 'lists-are-whole'
  | 'applied-means-shown'
  | 'one-end-for-each-decision'
  | 'everything-ends'
  | 'nothing-grows'
  | 'no-sweep-needed'
  | 'only-designed-pairs'
  | 'no-failure-escapes';

export interface JudgeParts {
  readonly nowMs: () => number;
  readonly connections: readonly PlannedConnection[];
  readonly targets: readonly PlannedTarget[];
  readonly limits: PolicyLimits;
  /** Who may answer; absent: the world has no console. */
  readonly answers?: AnswerPolicy | undefined;
  /** Whether ARM tells lies. */
  readonly isLied?: boolean | undefined;
  /** The operations of the local Azure, whoever started them. */
  readonly operations: () => Iterable<Operation>;
  readonly history: () => readonly HistoryEntry[];
  /** The object id of Postern's identity. */
  readonly postern: string;
}

/** What ARM last showed to a worker about a connection. */
interface Shown {
  readonly status: string;
  readonly endpointId: string;
  readonly atMs: number;
}

/** A reading that justifies a write is at most this old when the write leaves. */
const freshMs = 20_000;
/** How long an earlier version of the policy may still be in hand: the check, a review and its lease. */
const policyLagMs = 90_000;
const clockMs = 10_000;
/** The age of what an approval goes by, and that of its reading. */
const tenantMs = 60 * 60_000 + 30_000;

/**
 * Judges a world while it happens, from what crosses ARM's border and what is in the ledger. Shares no code
 * with the app, and knows the wanted effects from a table.
 */
export class Judge {
  readonly violations: Violation[] = [];
  readonly #subjects = new Map<string, { planned: PlannedConnection; target: PlannedTarget }>();
  /** What ARM showed to each worker of each connection, the last reading last. */
  readonly #shown = new Map<string, Map<string, readonly Shown[]>>();
  /** The writes that ARM has not answered yet, by target: their connections. */
  readonly #open = new Map<string, readonly string[]>();
  readonly #own = new Set<string>();
  readonly #auditOnly = new Set<string>();
  readonly #writes: Write[] = [];
  readonly #rows = new Map<string, { readonly question: string; readonly sinceMs: number }>();
  readonly #decided = new Map<string, LedgerRow[]>();
  /** The endpoints whose approval the ledger told as applied. */
  readonly #approved = new Set<string>();
  readonly #ends = new Map<string, LedgerRow>();
  readonly #policies = new PoliciesInHand(policyLagMs);
  readonly #limits: LimitLaw;
  readonly #lists: ListLaw;
  /** Judges what people answer. */
  readonly answers: AnswerLaw;
  readonly #absences = new Absences();
  /** The writes that count against a limit. */
  readonly #limited: Write[] = [];

  readonly #startMs: number;
  /** Whether workers also read for people who look, while a review goes by a reading of its own. */
  readonly #readsForPeople: boolean;

  constructor(private readonly parts: JudgeParts) {
    this.#startMs = parts.nowMs();
    this.#readsForPeople = parts.answers !== undefined;
    this.#limits = new LimitLaw(parts.limits.perHour, clockMs);
    this.#lists = new ListLaw(parts.nowMs, { lagMs: policyLagMs, clockMs });
    this.answers = new AnswerLaw({
      nowMs: parts.nowMs,
      policy: parts.answers,
      isLied: parts.isLied ?? false,
      versionInHand: (digest) => this.#policies.withDigest(digest, parts.nowMs()),
      subjectOf: (connection) => {
        const subject = this.#subjects.get(this.#endpointOf(connection).toLowerCase());
        return subject && { requester: subject.planned.requester, trait: subject.target.trait };
      },
    });
    const targets = new Map(parts.targets.map((target) => [target.id, target]));
    for (const planned of parts.connections) {
      const target = targets.get(planned.targetId);
      if (target !== undefined) this.#subjects.set(planned.endpointId.toLowerCase(), { planned, target });
    }
  }

  get writes(): readonly Write[] {
    return this.#writes;
  }

  /** The times within which the policy could not be loaded. */
  get standstills(): readonly Standstill[] {
    return this.#policies.standstills();
  }

  /** Notes that a version of the policy was published. Returns the one before if no worker has recorded that. */
  onPolicy(published: PublishedPolicy): PolicyVersion | undefined {
    return this.#policies.onPublished(published, this.parts.nowMs());
  }

  /** Notes that the app stored the digest of a policy. Returns the version that is binding from now on. */
  onPolicyStored(digest: string): PolicyVersion | undefined {
    return this.#policies.onStored(digest);
  }

  /** Notes that a worker may only record what it would do. */
  onAuditOnly(worker: string): void {
    this.#auditOnly.add(worker);
  }

  /** Notes that an operator lifted the limits. */
  onLift(): void {
    this.#limits.onLift(this.parts.nowMs());
  }

  /** Judges a write when it arrives at ARM. */
  onArrived(request: LocalRequest): void {
    const write = writeOf(request);
    if (write === undefined) return;
    const { connection, target } = write;
    this.#judgeOverlap(target, nameOf(connection));
    this.#open.set(target, [...(this.#open.get(target) ?? []), connection]);
  }

  /** Judges a request when it leaves a worker, by what the worker knows then: it may be under way for long. */
  onSent(worker: string, request: LocalRequest): void {
    const write = writeOf(request);
    if (write === undefined) return;
    const { connection, effect } = write;
    const about = nameOf(connection);
    const now = this.parts.nowMs();
    const readings = this.#shown.get(worker)?.get(connection) ?? [];
    const shown = readings.at(-1);
    if (this.#auditOnly.has(worker))
      this.#violate('only-what-policy-wants', `${worker} sends ${effect} and may only record it`, about);
    if (shown === undefined || now - shown.atMs > freshMs) {
      const age = shown === undefined ? 'never' : `${Math.round((now - shown.atMs) / 1000)} s before`;
      this.#violate('never-on-old-knowledge', `${worker} sends ${effect}; it read ${about} ${age}`, about);
    } else if (!readings.some((each) => this.#isWanted(connection, effect, each))) {
      this.#judgeUnwanted(worker, { connection, effect, shown });
    }
    const decided = this.#decided.get(connection) ?? [];
    const sinceMs = this.#rows.get(connection)?.sinceMs ?? 0;
    if (!decided.some((row) => row.effect === effect && row.storedMs >= sinceMs)) {
      this.#violate(
        'decided-before-written',
        `${worker} sends ${effect} for ${about} without a decision on record`,
        about,
      );
    }
    const statusBefore = shown?.status ?? '';
    const written = { effect, connection, atMs: now, statusBefore };
    this.#writes.push(written);
    // The end of a timed approval does not count against a limit.
    if (effect === 'delete' && statusBefore === 'Approved' && this.#hasEnded(connection)) return;
    this.#limited.push(written);
    const excess = this.#limits.excess(this.#limited);
    if (excess !== undefined) this.#violate('limits-hold', excess, about);
  }

  /** Judges a write that no rule wants: people must have answered so. */
  #judgeUnwanted(
    worker: string,
    {
      connection,
      effect,
      shown: { status, endpointId },
    }: { readonly connection: string; readonly effect: WrittenEffect; readonly shown: Shown },
  ): void {
    const why = this.answers.problemOf({ connection, effect, endpointId: endpointId.toLowerCase() });
    if (why === undefined) return;
    const about = nameOf(connection);
    const what = `${worker} sends ${effect} for ${about}, which it saw as ${status}`;
    if (why !== 'nobody') this.#violate('only-what-was-answered', `${what}: ${why}`, about);
    else this.#violate(endpointId === '' ? 'only-what-was-read' : 'only-what-policy-wants', what, about);
  }

  /** Notes a request that the local Azure has answered. */
  onAnswered(record: RequestRecord): void {
    if (record.principal !== this.parts.postern || record.connection === undefined) return;
    if (record.method !== 'PUT' && record.method !== 'DELETE') return;
    const target = (record.target ?? '').toLowerCase();
    this.#close(target, record.connection.toLowerCase());
    if (record.operationId !== undefined && record.tookEffect !== undefined)
      this.#own.add(record.operationId);
  }

  /**
   * Notes that a write is over: it was answered, or its end was read while its answer was still under way, which the law
   * of what is told as applied judges.
   */
  #close(target: string, connection: string): void {
    const open = this.#open.get(target) ?? [];
    const at = open.indexOf(connection);
    if (at >= 0) this.#open.set(target, open.toSpliced(at, 1));
  }

  /** Notes what a reply shows to a worker. */
  onReply(worker: string, request: LocalRequest, reply: LocalReply): void {
    this.#lists.onReply(request, reply);
    this.#absences.onReply(request, reply, this.parts.nowMs());
    if (request.method !== 'GET' || reply.kind === 'reset' || reply.status !== 200) return;
    const match = connectionPath.exec(request.url);
    if (match === null) return;
    const shown = this.#shown.get(worker) ?? new Map<string, readonly Shown[]>();
    this.#shown.set(worker, shown);
    const atMs = this.parts.nowMs();
    for (const item of itemsOf(reply.body, match[1] === undefined)) {
      const key = item.id.toLowerCase();
      const before = this.#readsForPeople
        ? (shown.get(key) ?? []).filter((each) => atMs - each.atMs <= freshMs)
        : [];
      shown.set(key, [...before, { status: item.status, endpointId: item.endpointId, atMs }]);
    }
  }

  /** Notes what the app's rows say about a connection: a new status or generation is a new question. */
  onRow(kind: 'inserted' | 'updated' | 'removed', row: Readonly<Record<string, unknown>>): void {
    const { connectionId, status, generation } = row;
    const problem = kind === 'removed' ? undefined : this.#lists.onRow(row);
    if (problem !== undefined) this.#violate('lists-are-whole', problem, '');
    if (typeof connectionId !== 'string') return;
    const connection = connectionId.toLowerCase();
    this.answers.onRow(connection, kind === 'removed' ? undefined : row);
    if (kind === 'removed') this.#rows.delete(connection);
    const question = `${String(status)} ${String(generation)}`;
    if (kind === 'removed' || this.#rows.get(connection)?.question === question) return;
    this.#rows.set(connection, { question, sinceMs: this.parts.nowMs() });
  }

  /** Judges a row that the ledger has just accepted. */
  onLedger(row: LedgerRow): void {
    const connection = row.connection?.toLowerCase();
    if (connection === undefined) return;
    const problem = this.answers.onLedger(row, connection);
    if (problem !== undefined) this.#violate('answers-as-allowed', problem, nameOf(connection));
    if (row.kind === 'decided') {
      if (!this.#policies.knows(row.policyDigest ?? '')) {
        const what = `${nameOf(connection)} was decided by a policy that nobody published`;
        this.#violate('only-what-policy-wants', what, nameOf(connection));
      }
      const rows = this.#decided.get(connection) ?? [];
      this.#decided.set(connection, [...rows, row]);
      return;
    }
    if (row.kind === 'limited') this.#limits.onLimited(row, connection);
    if (!row.id.endsWith('|end') || row.decisionId === undefined) return;
    // An operation that failed may be tried again, but what was applied is over: what somebody changes
    // afterward is a new question with a decision of its own.
    const before = this.#ends.get(row.decisionId);
    if (before?.kind === 'applied') {
      const what = `${row.decisionId} was applied and has one more end`;
      this.#violate('one-end-for-each-decision', what, nameOf(connection));
    }
    this.#ends.set(row.decisionId, row);
    if (row.kind !== 'applied') return;
    this.#judgeApplied(row, connection);
    this.#close(connection.slice(0, connection.lastIndexOf('/privateendpointconnections/')), connection);
  }

  /** Lists the decisions to write that have no end yet. */
  openDecisions(): readonly { readonly what: string; readonly about: string }[] {
    return [...this.#decided.values()].flat().flatMap(({ effect, mode, decisionId, connection = '' }) => {
      if (effect === 'hold' || mode !== 'enforce' || this.#ends.has(decisionId ?? '')) return [];
      const about = nameOf(connection);
      return [{ what: `the decision to ${effect} ${about} has no end`, about }];
    });
  }

  violate(law: Law, what: string, about: string): void {
    this.#violate(law, what, about);
  }

  #violate(law: Law, what: string, about: string): void {
    this.violations.push({ law, what, about, atMs: this.parts.nowMs() });
  }

  #judgeOverlap(target: string, about: string): void {
    if ((this.#open.get(target) ?? []).length > 0) {
      this.#violate('one-write-at-a-time', `a write to ${nameOf(target)} is still being answered`, about);
      return;
    }
    for (const operation of this.parts.operations()) {
      const isOwn = operation.state === 'InProgress' && this.#own.has(operation.id);
      if (isOwn && operation.targetId.toLowerCase() === target) {
        const other = nameOf(operation.connectionId);
        this.#violate(
          'one-write-at-a-time',
          `Postern's ${operation.kind} of ${other} is still running`,
          about,
        );
        return;
      }
    }
  }

  #isWanted(connection: string, effect: WrittenEffect, { status, endpointId }: Shown): boolean {
    // ARM may leave the endpoint out: the connection is known by its id then.
    const known = this.#endpointOf(connection);
    const subject = this.#subjects.get(
      (endpointId === '' ? known : endpointId).toLowerCase().replace(/\/$/, ''),
    );
    if (subject === undefined) return false;
    if (status === 'Approved' && effect === 'delete' && this.answers.endOf(connection) !== undefined)
      return this.#hasEnded(connection);
    const { planned, target } = subject;
    return this.#policies.at(this.parts.nowMs()).some((version) => {
      const effects = expectedEffectsIn(version, planned.requester, target.trait) ?? {};
      const wanted: ExpectedEffect = effects[status as keyof typeof effects] ?? 'leave';
      if (wanted === 'once') return effect === 'approve' && !this.#approved.has(known.toLowerCase());
      if (wanted === 'proven' || wanted === 'maybe') return effect === 'approve';
      if (wanted === 'listed') return effect === 'approve' && this.#lists.admits(planned.endpointId);
      if (wanted === 'ours') return effect === 'approve' && this.#isOurs(planned);
      if (wanted !== 'end') return wanted === effect;
      return effect === 'delete' && this.#hasEnded(connection);
    });
  }

  /** Tells whether an approval may still go by the old tenant of a subscription: what it knows is an hour old at most. */
  #isOurs({ movesAtSeconds = Infinity }: PlannedConnection): boolean {
    return this.parts.nowMs() < this.#startMs + movesAtSeconds * 1000 + tenantMs;
  }

  #endpointOf(connection: string): string {
    return (
      this.parts.history().findLast((entry) => entry.connectionId.toLowerCase() === connection)?.endpointId ??
      ''
    );
  }

  /** Tells whether the time of an approval by Postern is over, counted from when it was asked for. */
  #hasEnded(connection: string): boolean {
    const stays = this.parts
      .history()
      .filter(({ connectionId }) => connectionId.toLowerCase() === connection);
    const approved = stays.findLast(({ status }) => status === 'Approved');
    const ends = this.answers.endOf(connection);
    if (ends !== undefined) {
      // Somebody may have approved once more what was Approved already: it looks the same, and ends all the same.
      const since = stays.slice(stays.findLastIndex(({ status }) => status !== 'Approved') + 1);
      const isOurs = since.some(({ by }) => by === this.parts.postern);
      return isOurs && this.parts.nowMs() >= ends - clockMs;
    }
    if (approved?.by !== this.parts.postern) return false;
    const asked = stays.findLast(({ status, atMs }) => status === 'Pending' && atMs <= approved.atMs);
    const fromMs = asked?.atMs ?? approved.atMs;
    return this.parts.nowMs() >= fromMs + approvalMinutes * 60_000 - clockMs;
  }

  #judgeApplied(row: LedgerRow, connection: string): void {
    const about = nameOf(connection);
    const { effect } = row;
    // An approval by people uses no announcement up.
    if (effect === 'approve' && row.answers === undefined)
      this.#approved.add(this.#endpointOf(connection).toLowerCase());
    const decided = (this.#decided.get(connection) ?? []).find(
      ({ decisionId }) => decisionId === row.decisionId,
    );
    const fromMs = decided?.storedMs ?? 0;
    const wasWritten = this.#writes.some(
      (write) => write.connection === connection && write.effect === effect,
    );
    if (effect !== 'delete' && !wasWritten) {
      this.#violate(
        'applied-means-shown',
        `${effect} of ${about} is told applied, and Postern wrote no such thing`,
        about,
      );
      return;
    }
    const wanted = effect === 'approve' ? 'Approved' : effect === 'reject' ? 'Rejected' : 'gone';
    const stays = this.parts
      .history()
      .filter(({ connectionId }) => connectionId.toLowerCase() === connection);
    const wasShown = stays.some(
      ({ status }, index) => status === wanted && (stays[index + 1]?.atMs ?? Infinity) > fromMs,
    );
    if (wasShown || (wanted === 'gone' && this.#absences.areTwo(connection, this.parts.nowMs()))) return;
    this.#violate(
      'applied-means-shown',
      `${effect} of ${about} is told applied, and Azure never showed it`,
      about,
    );
  }
}

function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
