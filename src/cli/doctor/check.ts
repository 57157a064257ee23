import { describeError, hasCode, PosternError } from '../../base/errors';
import { withTimeout } from '../../base/timeout';
import { problem, warning, type Finding } from './finding';

/** What a check is given while it runs. */
export interface CheckRun {
  /** Takes a finding as soon as it is found: what was told stays, even if the check does not end. */
  readonly report: (finding: Finding) => void;
  /** Aborted when the time is over. A loop over targets looks at it. */
  readonly signal: AbortSignal;
}

/** One of the things that doctor looks at. A failure of one does not stop the others. */
export interface Check {
  /** One word, for machines and for `--only`. */
  readonly name: string;
  /** The heading. */
  readonly title: string;
  /** Rejects when it could not be carried out. */
  run(run: CheckRun): Promise<void>;
}

export interface CheckResult {
  readonly name: string;
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** Runs a check for at most so long. Never rejects: what went wrong is a finding, too. */
export async function runCheck(check: Check, timeoutMs: number): Promise<CheckResult> {
  const { name, title } = check;
  const findings: Finding[] = [];
  let isOver = false;
  const last = await withTimeout(
    timeoutMs,
    (signal) => {
      const report = (finding: Finding): void => {
        if (!isOver && !signal.aborted) findings.push(finding);
      };
      return outcomeOf(check.run({ report, signal }), name);
    },
    unfinished(name, timeoutMs),
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
  const message = `not finished within ${timeoutMs / 1000} s: what is missing here is not known`;
  return problem(place, message, 'narrow it with --subscription or --only, or run it again');
}

/**
 * Something that could not be looked at. That the caller may not look is only a warning, because it says nothing about the
 * deployment; everything else is a problem.
 */
export function notChecked(place: string, error: unknown): Finding {
  if (hasCode(error, 'ARM_FORBIDDEN')) {
    const action = error.action ?? 'this';
    const fix = `to check this, the identity that runs doctor needs ${action}`;
    return warning(place, `not checked: the identity may not perform ${action}`, fix);
  }
  const message = `not checked: ${oneLine(describeError(error))}`;
  return problem(place, message, error instanceof PosternError ? fixes[error.code] : undefined);
}

/** Lines of a longer message follow each other. */
export function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
}

const fixes: Readonly<Partial<Record<PosternError['code'], string>>> = {
  CONFIG_INVALID: 'see the settings above',
  ARM_UNAUTHENTICATED: 'on a machine of your own, sign in first: az login',
  ARM_THROTTLED: 'Azure asks for patience: run it again in some minutes',
  ARM_UNREACHABLE: 'is ARM_ENDPOINT right, and does the network let this machine out?',
  STORE_UNAVAILABLE: 'does the account exist, does its network let you in, and do you have its data roles?',
};
