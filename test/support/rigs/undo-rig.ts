import type { Deployment } from '../../../src/cli/operators/deployment';
import { loadPolicy } from '../../../src/policy/compile-policy';
import { type CliRun, runTool } from './cli';
import { createRig, type RigOptions } from './rig';

/** A policy with one wrong rule, and the lines that a test adds. */
export function wrongPolicy(more = '', rule = ''): string {
  return `version: 1
mode: enforce
${more}
rules:
  - name: wrong
    effect: approve
    when: "true"
    approvesAnyone: true
${rule}`;
}

/** The same without the wrong rule. */
export const mended = 'version: 1\nmode: enforce\nrules: []\n';

/** All use cases over fakes, with a real policy, and the tool. */
export function createUndoRig(policy = wrongPolicy(), options: RigOptions = {}) {
  const rig = createRig(options);
  let text = policy;
  const adopt = (next: string): void => {
    const load = loadPolicy([{ path: 'p.yaml', text: next }]);
    if (load.kind !== 'loaded') throw new Error(load.problems.map(({ message }) => message).join('\n'));
    text = next;
    rig.load.current = { kind: 'loaded', policy: load.policy };
  };
  adopt(policy);
  rig.arm.appliesWrites = true;
  /** Runs the tool as an operator; `--rule wrong --since 1h` unless `args` say otherwise. */
  const tool = (...args: string[]): Promise<CliRun> =>
    runTool(['undo', '--rule', 'wrong', '--since', '1h', ...args], {
      files: { 'p.yaml': text },
      policyPath: 'p.yaml',
      clock: rig.clock,
      deployment: { ...rig, person: 'alice' } satisfies Deployment,
    });
  const undo = (...args: string[]): Promise<CliRun> => tool('--yes', ...args);
  const row = (name: string) => rig.operations.rows(rig.target).find((one) => one.connection.name === name);
  const status = async (name: string): Promise<string | undefined> =>
    (await rig.arm.list())?.connections.find(({ id }) => id.name === name)?.status;
  /** Lets the policy decide these connections, and time pass until everything has ended. */
  const approve = async (...names: string[]): Promise<void> => {
    for (const name of names) rig.arm.seed({ name });
    await rig.takeRequest(rig.request());
    await rig.run(300);
  };
  return { ...rig, adopt, tool, undo, row, status, approve };
}
