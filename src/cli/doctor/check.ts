import { describeError, hasCode, PosternError } from '../../base/errors';
import { systemClock } from '../../base/clock';
import { withTimeout } from '../../base/timeout';
import { problem, warning, type Finding } from './finding';

/** What a running check uses to report findings and to notice its timeout. */
export interface CheckRun {
  /** Reports a finding at once. Reported findings are kept even if the check times out. */
  readonly report: (finding: Finding) => void;
  /** Aborted at the timeout. Loops over targets must check it. */
  readonly signal: AbortSignal;
}

/** One check of doctor. If it fails, the other checks still run. */
export interface Check {
  /** One word, used in the JSON output and by `--only`. */
  readonly name: string;
  /** Heading in the text output. */
  readonly title: string;
  /** Runs the check. Rejects if it could not be carried out. */
  run(run: CheckRun): Promise<void>;
}

/** The findings of one check. */
export interface CheckResult {
  readonly name: string;
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** Runs a check for at most `timeoutMs` milliseconds. Never rejects: errors are returned as findings. */
export async function runCheck(check: Check, timeoutMs: number): Promise<CheckResult> {
  const { name, title } = check;
  const findings: Finding[] = [];
  let isOver = false;
  const last = await withTimeout(
    { clock: systemClock, ms: timeoutMs, late: unfinished(name, timeoutMs) },
    (signal) => {
      const report = (finding: Finding): void => {
        if (!isOver && !signal.aborted) findings.push(finding);
      };
      return outcomeOf(check.run({ report, signal }), name);
    },
  );
  isOver = true;
  return { name, title, findings: last === undefined ? findings : [...findings, last] };
}

async function outcomeOf(work: Promise<void>, place: string): Promise<Finding | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return notChecked(place, error);
  }
}

function unfinished(place: string, timeoutMs: number): Finding {
  const message = `did not finish within ${timeoutMs / 1000} s, so findings may be missing`;
  return problem(place, message, 'use --subscription or --only to check less, or run it again');
}

/**
 * Creates a finding for something that could not be checked. A missing permission of the caller is
 * only a warning, because it says nothing about the deployment; any other error is a problem.
 */
export function notChecked(place: string, error: unknown): Finding {
  if (hasCode(error, 'ARM_FORBIDDEN')) {
    const action = error.action ?? 'the required action';
    const fix = `to check this, give the identity that runs doctor the action ${action}`;
    return warning(place, `not checked: the identity that runs doctor lacks ${action}`, fix);
  }
  const message = `not checked: ${oneLine(describeError(error))}`;
  const finding = problem(place, message, error instanceof PosternError ? fixes[error.code] : undefined);
  return hasCode(error, 'CONFIG_INVALID') ? { ...finding, followsFromSettings: true } : finding;
}

/** Joins the lines of a text to one line. */
export function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
}

const fixes: Readonly<Partial<Record<PosternError['code'], string>>> = {
  CONFIG_INVALID: 'fix the settings listed above',
  ARM_UNAUTHENTICATED: 'on your own machine, sign in first: az login',
  ARM_THROTTLED: 'Azure is throttling requests: run it again in a few minutes',
  ARM_UNREACHABLE: 'check ARM_ENDPOINT, and that this machine can reach it',
  STORE_UNAVAILABLE:
    'check that the account exists, that its network rules admit you, and that you have its data roles',
};
