import type { CheckedItem } from './findings';

interface Case {
  readonly path: string;
  readonly line: number;
  readonly name: string;
}

interface Answer {
  readonly effect: string;
  readonly rules?: readonly string[] | undefined;
  readonly reason?: string | undefined;
}

interface TestJson {
  readonly percent: number;
  readonly threshold: number;
  readonly cases: readonly (Case & {
    readonly passed: boolean;
    readonly wanted: Answer;
    readonly got: Answer;
  })[];
  readonly strangers: readonly (Case & { readonly approved: boolean; readonly who?: string | undefined })[];
}

/** Lists what `postern test` decided: each case, each stranger, and how many rules were reached. */
export function testItems(json: unknown): readonly CheckedItem[] {
  const { cases, strangers, percent, threshold } = json as TestJson;
  const path = cases[0]?.path ?? '';
  const isLow = percent < threshold;
  return [
    ...cases.map(({ passed, wanted, got, ...at }) =>
      itemOf(
        at,
        passed ? undefined : `expected ${answerText(wanted)}, but the policy decides ${answerText(got)}`,
      ),
    ),
    ...strangers.map(({ approved, who = 'a stranger', ...at }) =>
      itemOf(
        { ...at, name: `${at.name}: no stranger` },
        approved ? `a stranger is approved, too: ${who}` : undefined,
      ),
    ),
    ...(isLow ? [tooFew(path, percent, threshold)] : []),
  ];
}

function itemOf({ path, line, name }: Case, message: string | undefined): CheckedItem {
  return { suite: path, name, outcome: message === undefined ? 'passed' : 'failed', path, line, message };
}

function tooFew(path: string, percent: number, threshold: number): CheckedItem {
  const message = `only ${Math.floor(percent * 10) / 10} % of the rules matched in some case, and --threshold is ${threshold}`;
  return { suite: path, name: 'rules that some case reaches', outcome: 'failed', path, message };
}

function answerText({ effect, rules, reason }: Answer): string {
  const by = rules === undefined || rules.length === 0 ? '' : ` by ${rules.join(', ')}`;
  return `${effect}${by}${reason === undefined ? '' : ` (${reason})`}`;
}
