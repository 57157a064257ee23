import { describeError, PosternError } from '../../../base/errors';
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
      const load = await source.current();
      judgePolicy(path, load).forEach(report);
      if (load.kind === 'refused') report(await inForce(path, sources));
    },
  };
}

/** Says which version goes on deciding while this one does not load. */
async function inForce(path: string, { records }: Examination['sources']): Promise<Finding> {
  const fix = 'fix the problems listed above';
  try {
    const digest = await records().policyDigest();
    return digest === undefined
      ? problem(path, 'the deployment has never had a policy that loads, so nothing is decided', fix)
      : warning(
          path,
          `instances that have loaded the version with digest ${digest.slice(0, 12)} go on deciding by it, those that start now decide nothing`,
          fix,
        );
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    return warning(path, `which version goes on deciding was not read: ${describeError(error)}`, fix);
  }
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
    return [...reported, ...more, problem(path, 'does not load', 'fix the problems listed above')];
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
