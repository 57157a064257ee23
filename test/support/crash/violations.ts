import type { AuditRecord } from '../../../src/audit/audit-record';
import { isHeldByLimit, isOpen } from '../../../src/operations/operation';
import { answerViolations, endsOfAnswers } from './console/violations';
import type { CrashWorld } from './crash-world';
import type { Run, Scenario } from './host';

/** Returns one line for every requirement that a run with killed processes does not meet. */
export function findViolations(scenario: Scenario, run: Run, undisturbed: Run): string[] {
  const { world } = run;
  return [
    ...(run.isQuiet ? [] : ['it never became idle']),
    ...world.breaches,
    ...decisionViolations(world),
    ...beginningViolations(world),
    ...(world.hasConsole ? answerViolations(world) : []),
    ...endViolations(world, scenario.isOutrun === true),
    ...(scenario.isOutrun === true ? [] : accusationViolations(world)),
    ...(scenario.endsFreely === true ? [] : finalStateViolations(world, undisturbed.world)),
  ];
}

/** The same policy decides the same question once. */
function decisionViolations({ ledger }: CrashWorld): string[] {
  const asked = ledger.ofKind('decided').map(questionOf);
  return repeated(asked).map((question) => `decided more than once: ${question}`);
}

function questionOf({
  connection,
  endpoint,
  status,
  effect,
  policyDigest,
  mode,
  reason,
}: AuditRecord): string {
  return [
    connection?.split('/').at(-1),
    endpoint?.split('/').at(-1),
    status,
    effect,
    policyDigest,
    mode,
    reason,
  ].join(' ');
}

/** Every decision is started, and everything that is started is on record, whatever happens in between. */
function beginningViolations({ operations, ledger }: CrashWorld): string[] {
  const begun = new Set(
    operations.saves.flatMap((save) => save.rows.flatMap(({ operation }) => operation?.decisionId ?? [])),
  );
  const wanted = ledger
    .ofKind('decided')
    .filter(({ effect, mode }) => effect !== 'hold' && mode === 'enforce')
    .flatMap(({ decisionId }) => decisionId ?? []);
  const recorded = new Set(ledger.ofKind('decided').map(({ decisionId }) => decisionId));
  return [
    ...wanted.filter((id) => !begun.has(id)).map((id) => `decided, but never started: ${id.slice(0, 8)}`),
    ...[...begun]
      .filter((id) => !recorded.has(id))
      .map((id) => `started, but never recorded: ${id.slice(0, 8)}`),
  ];
}

/**
 * Every planned operation has one end, the same in ledger and row. Only those that wait for a person are
 * open.
 */
function endViolations({ operations, ledger }: CrashWorld, isOutrun: boolean): string[] {
  const rows = operations.rows().flatMap(({ operation }) => operation ?? []);
  const open = rows.filter((operation) => isOpen(operation) && !isHeldByLimit(operation));
  const held = new Set(rows.filter(isHeldByLimit).map(({ id }) => id));
  const begun = new Set(
    operations.saves.flatMap((save) => save.rows.flatMap(({ operation }) => operation?.id ?? [])),
  );
  const ends = new Map(ledger.records.filter(({ id }) => id.endsWith('|end')).map((end) => [end.id, end]));
  const missing = [...begun].filter((id) => !held.has(id) && !ends.has(`${id}|end`));
  const early = [...held].filter((id) => ends.has(`${id}|end`));
  const different = rows.filter(({ id, state }) => {
    const end = ends.get(`${id}|end`);
    if (isOutrun && end?.kind === 'applied' && state === 'superseded') return false;
    return end !== undefined && end.kind !== state;
  });
  return [
    ...open.map(({ state, effect }) => `an operation is left ${state}: ${effect}`),
    ...missing.map((id) => `an operation has no end: ${id.slice(-2)}`),
    ...early.map((id) => `a held operation has an end: ${id.slice(-2)}`),
    ...different.map(({ id, state }) => `the ledger says ${ends.get(`${id}|end`)?.kind}, the row ${state}`),
  ];
}

/** A record that is written again after a crash equals the stored one, and causes no alert. */
function accusationViolations({ telemetry }: CrashWorld): string[] {
  return telemetry
    .filter(({ ledgerHolds }) => ledgerHolds !== undefined)
    .map(
      ({ id, kind, ledgerHolds }) =>
        `${kind} ${id.slice(-12)} contradicts the ledger, which has ${ledgerHolds}`,
    );
}

/** Reports each connection that was recorded as found more than once. */
export function repeatedFinds({ ledger }: CrashWorld): string[] {
  return repeated(ledger.ofKind('found').map(({ connection }) => connection ?? '')).map(
    (connection) => `found more than once: ${connection.split('/').at(-1)}`,
  );
}

/** Azure ends in the same state, and a person is asked for the same decisions. */
function finalStateViolations(world: CrashWorld, undisturbed: CrashWorld): string[] {
  const [state, wanted] = [JSON.stringify(world.arm.state()), JSON.stringify(undisturbed.arm.state())];
  const [held, wantedHeld] = [waiting(world), waiting(undisturbed)];
  const [answers, wantedAnswers] = [endsOfAnswers(world), endsOfAnswers(undisturbed)];
  return [
    ...(state === wanted ? [] : [`Azure ends as ${state}, not as ${wanted}`]),
    ...(held === wantedHeld ? [] : [`a person is asked for "${held}", not for "${wantedHeld}"`]),
    ...(answers === wantedAnswers ? [] : [`answers end as "${answers}", not as "${wantedAnswers}"`]),
  ];
}

function waiting({ operations }: CrashWorld): string {
  return operations
    .rows()
    .filter(({ operation }) => operation && (isHeldByLimit(operation) || operation.state === 'abandoned'))
    .map(({ connection, operation }) => `${connection.name} ${operation?.state}`)
    .sort()
    .join();
}

function repeated(items: readonly string[]): string[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))];
}
