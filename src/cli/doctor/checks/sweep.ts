import { PosternError } from '../../../base/errors';
import { sweepSchedule } from '../../../config/registration';
import type { SweepState } from '../../../review/sweep/journal';
import type { PolicyInForce } from '../../../review/sweep/open-operations';
import { type Check, notChecked } from '../check';
import type { Examination } from '../examination';
import { ageText, type Finding, ok, problem, secondsSince, warning } from '../finding';
import { longestGapSeconds } from './schedule';

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

/** The policy as doctor reads it; `undefined` when it does not load, which its own check tells. */
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

export interface SweepFacts {
  readonly state: SweepState;
  /** SWEEP_SCHEDULE. */
  readonly schedule: string;
  readonly now: Date;
  /** What doctor itself has read; absent when that is not known. */
  readonly policy: PolicyInForce | undefined;
}

const place = 'sweep';
const schedules = 3;
const shortestSeconds = 3_600;
/** For a schedule that is not understood: it may leave out days. */
const unknownSeconds = 8 * 86_400;
const running = 'does the app run, and its function sweep? Look at its invocations';

export function judgeSweep(facts: SweepFacts): readonly Finding[] {
  return [ageFinding(facts), ...troubles(facts), ...policyFinding(facts)];
}

/** Sooner than an hour, three late sweeps may only be slow ones. */
export function sweepTooOldSeconds(schedule: string): number {
  const gap = longestGapSeconds(schedule);
  return gap === undefined ? unknownSeconds : Math.max(shortestSeconds, schedules * gap);
}

function ageFinding({ state: { last }, schedule, now }: SweepFacts): Finding {
  if (last === undefined) return problem(place, 'none has ever finished', running);
  const age = secondsSince(last.finishedAt, now);
  const { connections, targets, asked, source } = last;
  const what =
    `the last one finished ${ageText(age)} ago (${last.finishedAt}): ` +
    `${targets} targets${source === 'graph' ? ` with ${connections} connections` : ''}, ${asked} asked for review`;
  return age > sweepTooOldSeconds(schedule) ? problem(place, what, running) : ok(place, what);
}

function troubles({ state: { last, graphTroubleAt } }: SweepFacts): readonly Finding[] {
  const findings: Finding[] = [];
  if (graphTroubleAt !== undefined)
    findings.push(
      warning(
        place,
        `Resource Graph did not answer at ${graphTroubleAt}`,
        'if it stays so: look at the app’s logs',
      ),
    );
  if (last !== undefined && last.unread > 0)
    findings.push(
      warning(
        place,
        `${last.unread} subscriptions could not be searched`,
        'the app’s log names each of them',
      ),
    );
  return findings;
}

/** The deployed app may follow another policy than the one that doctor reads here. */
function policyFinding({ state: { policy: swept }, policy }: SweepFacts): readonly Finding[] {
  if (swept === undefined || policy === undefined) return [];
  if (swept.digest === policy.digest && swept.mode === policy.mode)
    return [ok('policy', `the app follows the same policy, in mode ${swept.mode}`)];
  const message = `the app last swept for ${reported(swept)}, and doctor reads ${reported(policy)}`;
  const fix = 'just changed? Then wait a minute. Else: is POLICY_PATH the deployed one, and POLICY_MODE?';
  return [warning('policy', message, fix)];
}

function reported({ digest, mode }: PolicyInForce): string {
  return `digest ${digest.slice(0, 12)} in mode ${mode}`;
}
