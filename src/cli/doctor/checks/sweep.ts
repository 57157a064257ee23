import { PosternError } from '../../../base/errors';
import { sweepSchedule } from '../../../config/registration';
import type { SweepState } from '../../../review/sweep/journal';
import type { PolicyInForce } from '../../../review/sweep/open-operations';
import { type Check, notChecked } from '../check';
import type { Examination } from '../examination';
import { ageText, type Finding, ok, problem, secondsSince, warning } from '../finding';
import { longestGapSeconds } from './schedule';

/** Creates the check of the last sweep. */
export function sweepCheck({ sources, clock }: Examination): Check {
  return {
    name: 'sweep',
    title: 'Last sweep',
    async run({ report }) {
      const state = await sources.records().journal.read();
      const policy = await policyHere(sources.policy);
      if (policy instanceof PosternError) report(notChecked('policy', policy));
      const schedule = sweepSchedule(sources.settings.environment);
      const facts = { state, schedule, now: clock.now() };
      judgeSweep({ ...facts, policy: policy instanceof PosternError ? undefined : policy }).forEach(report);
    },
  };
}

/** Reads the policy; returns `undefined` if it does not load, which the policy check reports. */
async function policyHere(
  read: Examination['sources']['policy'],
): Promise<PolicyInForce | undefined | PosternError> {
  try {
    const load = await read().source.current();
    return load.kind === 'loaded' ? load.policy : undefined;
  } catch (error) {
    if (error instanceof PosternError) return error;
    throw error;
  }
}

/** What the check of the last sweep needs. */
export interface SweepFacts {
  readonly state: SweepState;
  /** Value of SWEEP_SCHEDULE. */
  readonly schedule: string;
  readonly now: Date;
  /** The policy that doctor has read; absent if it does not load. */
  readonly policy: PolicyInForce | undefined;
}

const place = 'sweep';
const schedules = 3;
const shortestSeconds = 3_600;
/** Limit for a schedule whose longest gap is unknown, because it may skip days. */
const unknownSeconds = 8 * 86_400;
const running = 'check that the app and its function sweep run: see its invocations';

/** Reports the age and the result of the last sweep, and the policy that it used. */
export function judgeSweep(facts: SweepFacts): readonly Finding[] {
  return [ageFinding(facts), ...searchFindings(facts), ...policyFinding(facts)];
}

/**
 * Returns the age, in seconds, at which the last sweep is too old: three intervals of the schedule,
 * and at least an hour.
 */
export function sweepTooOldSeconds(schedule: string): number {
  const gap = longestGapSeconds(schedule);
  return gap === undefined ? unknownSeconds : Math.max(shortestSeconds, schedules * gap);
}

function ageFinding({ state: { last }, schedule, now }: SweepFacts): Finding {
  if (last === undefined) return problem(place, 'no sweep has ever finished', running);
  const age = secondsSince(last.finishedAt, now);
  const { connections, targets, asked, source } = last;
  const what =
    `finished ${ageText(age)} ago (${last.finishedAt}): ` +
    `${targets} targets${source === 'graph' ? ` with ${connections} connections` : ''}, ${asked} reviews requested`;
  return age > sweepTooOldSeconds(schedule) ? problem(place, what, running) : ok(place, what);
}

function searchFindings({
  state: { last, graphTroubleAt, hiddenTypes = [] },
}: SweepFacts): readonly Finding[] {
  const findings: Finding[] = [];
  if (hiddenTypes.length > 0)
    findings.push(
      ok(
        place,
        `Resource Graph does not show the connections of ${hiddenTypes.join(', ')}: each sweep lists them`,
      ),
    );
  if (graphTroubleAt !== undefined)
    findings.push(
      warning(
        place,
        `Resource Graph did not answer at ${graphTroubleAt}`,
        'if this persists, see the app’s log',
      ),
    );
  if (last !== undefined && last.unread > 0)
    findings.push(
      warning(place, `${last.unread} subscriptions could not be searched`, 'the app’s log lists them'),
    );
  return findings;
}

/** Compares the policy of the last sweep with the one that doctor read. */
function policyFinding({ state: { policy: swept }, policy }: SweepFacts): readonly Finding[] {
  if (swept === undefined || policy === undefined) return [];
  if (swept.digest === policy.digest && swept.mode === policy.mode)
    return [ok('policy', `the app uses the same policy, in mode ${swept.mode}`)];
  const message = `the last sweep used ${reported(swept)}, but doctor read ${reported(policy)}`;
  const fix =
    'if you just changed the policy, wait a minute; otherwise compare POLICY_PATH and POLICY_MODE with the deployed settings';
  return [warning('policy', message, fix)];
}

function reported({ digest, mode }: PolicyInForce): string {
  return `digest ${digest.slice(0, 12)} in mode ${mode}`;
}
