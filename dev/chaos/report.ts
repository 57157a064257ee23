import type { StartedAzure } from '../azure';
import type { Evidence, Verdict, ViolationRule } from './check';
import type { Stages } from './beside/replace-hosts';
import { takenWrites } from './check/evidence';
import { idsOf } from './check/story';
import type { Driven } from './drive';
import type { ChaosOptions } from './options';

/** The result of a run, printed as one line of JSON. */
export interface ChaosReport {
  readonly seed: number;
  readonly broken: string | undefined;
  /** With `--beside`: the commit, and the writes of its build alone and beside the present one. */
  readonly beside?: ({ readonly commit: string } & Stages) | undefined;
  readonly connections: number;
  readonly targets: number;
  /** Proven operations, by effect. */
  readonly approved: number;
  readonly rejected: number;
  readonly deleted: number;
  /** Decisions to hold. */
  readonly held: number;
  readonly superseded: number;
  /** Other ends: retried later, or given up. */
  readonly failed: number;
  readonly expired: number;
  readonly abandoned: number;
  readonly kills: number;
  readonly foreignActs: number;
  /** Endpoints that were created again, and revocations that another person undid. */
  readonly cameBack: number;
  readonly approvedAgain: number;
  /** What the console replied to answers: `taken`, or the code of an error. */
  readonly answers: Readonly<Record<string, number>>;
  /** Decisions that people made. */
  readonly decidedByPeople: number;
  /** Timed approvals that Postern ended, and writes that a limit held. */
  readonly approvalsEnded: number;
  readonly limited: number;
  /** `silent`: connections without any event. */
  readonly events: Readonly<Record<'sent' | 'dropped' | 'doubled' | 'early' | 'silent', number>>;
  /** The number of faults by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly armCalls: number;
  /** Writes that Azure accepted. */
  readonly writes: number;
  /** Writes that policy wanted at the last reading, but that another person's action overtook. */
  readonly raced: number;
  readonly decided: number;
  /** Completed sweeps. */
  readonly sweeps: number;
  /** Connections that a sweep found before any event. */
  readonly foundBySweep: number;
  readonly seconds: number;
  readonly settled: boolean;
  readonly violationCount: number;
  /** The violated rules, each once. */
  readonly rules: readonly ViolationRule[];
  /** The first violations. */
  readonly violations: readonly string[];
}

export interface Reported {
  readonly options: ChaosOptions;
  readonly azure: StartedAzure;
  readonly evidence: Evidence;
  readonly verdict: Verdict;
  readonly driven: Driven;
  readonly stages?: Stages | undefined;
  readonly persistent: { readonly cameBack: number; readonly approvedAgain: number };
  readonly replies: Readonly<Record<string, number>>;
  readonly silent: number;
  readonly seconds: number;
  readonly settled: boolean;
}

const shownViolations = 20;

export function reportOf(from: Reported): ChaosReport {
  const { options, azure, evidence, verdict, driven, persistent, silent, stages } = from;
  const { deliveries } = azure.eventGrid;
  const records = evidence.ledger.map(({ record }) => record);
  const ended = (kind: string, effect?: string): number =>
    records.filter(
      (each) => each.id.endsWith('|end') && each.kind === kind && (effect ?? each.effect) === each.effect,
    ).length;
  return {
    seed: options.seed,
    broken: options.broken,
    beside:
      options.beside === undefined || stages === undefined
        ? undefined
        : { commit: options.beside, ...stages },
    connections: options.connections,
    targets: options.targets,
    approved: ended('applied', 'approve'),
    rejected: ended('applied', 'reject'),
    deleted: ended('applied', 'delete'),
    held: records.filter(({ kind, effect }) => kind === 'decided' && effect === 'hold').length,
    superseded: ended('superseded'),
    failed: ended('failed'),
    expired: ended('expired'),
    abandoned: records.filter(({ kind }) => kind === 'abandoned').length,
    kills: driven.kills.length,
    foreignActs: driven.foreignActions,
    ...persistent,
    answers: from.replies,
    decidedByPeople: records.filter(({ kind, answers }) => kind === 'decided' && answers !== undefined)
      .length,
    approvalsEnded: endedApprovals(evidence),
    limited: records.filter(({ kind }) => kind === 'limited').length,
    events: {
      sent: deliveries.filter(({ attempts }) => attempts > 0).length,
      dropped: deliveries.filter(({ state, attempts }) => state === 'dropped' && attempts === 0).length,
      doubled: deliveries.filter(({ copies }) => copies > 1).length,
      early: driven.early,
      silent,
    },
    faults: firedById(azure),
    armCalls: evidence.requests.filter(({ principal }) => principal === evidence.postern).length,
    writes: takenWrites(evidence).length,
    raced: verdict.raced,
    decided: records.filter(({ kind }) => kind === 'decided').length,
    sweeps: records.filter(({ kind }) => kind === 'swept').length,
    foundBySweep: records.filter(({ kind }) => kind === 'found').length,
    seconds: Math.round(from.seconds * 10) / 10,
    settled: from.settled,
    violationCount: verdict.violations.length,
    rules: [...new Set(verdict.violations.map(({ rule }) => rule))],
    violations: verdict.violations.slice(0, shownViolations).map(({ rule, what }) => `${rule}: ${what}`),
  };
}

/** Counts faults by kind. Rules that follow a write have the same id, and those of targets share a prefix. */
function firedById({ faults }: StartedAzure): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { id, fired } of faults.rules) {
    const [kind = id] = id.split('-');
    counts[kind] = (counts[kind] ?? 0) + fired;
  }
  return counts;
}

function endedApprovals(evidence: Evidence): number {
  const timed = new Set(
    evidence.subjects
      .filter(({ expectedEffects }) => expectedEffects.Approved === 'end')
      .flatMap((subject) => idsOf(subject).map((id) => id.toLowerCase())),
  );
  return takenWrites(evidence).filter(
    ({ connection, tookEffect, statusBefore }) =>
      tookEffect === 'delete' && statusBefore === 'Approved' && timed.has(connection.toLowerCase()),
  ).length;
}
