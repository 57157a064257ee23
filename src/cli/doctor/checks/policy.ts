import type { PolicyLoad } from '../../../policy/policy';
import { locate } from '../../load-policy';
import { limitsText } from '../../policy/answer-text';
import type { Check } from '../check';
import type { Examination } from '../examination';
import { type Finding, ok, problem, warning } from '../finding';

/** Creates the check of the policy. */
export function policyCheck({ sources }: Examination): Check {
  return {
    name: 'policy',
    title: 'Policy',
    async run({ report }) {
      const { path, source } = sources.policy();
      judgePolicy(path, await source.current()).forEach(report);
    },
  };
}

const mostProblems = 20;

/** Reports the problems of a policy, or its main properties if it loads. */
export function judgePolicy(path: string, load: PolicyLoad): readonly Finding[] {
  if (load.kind === 'refused') {
    const { problems } = load;
    const reported = problems
      .slice(0, mostProblems)
      .map(({ path: file, line, column, message }) =>
        problem(`${locate(path, file)}:${line}:${column}`, message),
      );
    const rest = problems.length - reported.length;
    const more = rest === 0 ? [] : [problem(path, `and ${rest} more`, `postern validate ${path}`)];
    return [
      ...reported,
      ...more,
      problem(path, 'does not load, so nothing is decided', 'fix the problems listed above'),
    ];
  }
  const { ruleCount, mode, digest, limits } = load.policy;
  const rules = `${ruleCount} rule${ruleCount === 1 ? '' : 's'}`;
  const limited = limitsText(limits);
  const guards = limited === '' ? '' : `, limits: ${limited}`;
  return [
    ok(path, `loads: ${rules}, mode ${mode}, digest ${digest.slice(0, 12)}${guards}`),
    ...(ruleCount === 0
      ? [warning(path, 'has no rules, so every connection is held', 'write rules: see docs/policy.md')]
      : []),
    ...(mode === 'audit'
      ? [
          warning(
            path,
            'in audit mode, so Postern decides and records, but writes nothing',
            'set mode: enforce',
          ),
        ]
      : []),
  ];
}
