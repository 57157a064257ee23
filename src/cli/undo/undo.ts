import { hasCode } from '../../base/errors';
import { decisionsOfRule, type RuleDecision, type Standing } from '../../review/undo/decisions-of-rule';
import { askAgain, undoDecision, type Undo } from '../../review/undo/undo-decision';
import { CliError, type CliHost, type Command, type ToolOptions } from '../cli-host';
import type { Deployment, DeploymentHost } from '../operators/deployment';
import { counted, printJson, printLines } from '../output';
import type { RecordsHost } from '../show/connection-records';
import { wrapped } from '../show/wrap';
import { checkRule } from './rule-in-force';
import { sinceFrom } from './since';
import { decisionLines, plainDecision } from './undo-lines';
import { readOptions } from '../tool-options';

/** The most approvals that one run takes back. */
const mostAtOnce = 500;

const options = {
  rule: { type: 'string' },
  since: { type: 'string' },
  yes: { type: 'boolean' },
  reason: { type: 'string' },
  delete: { type: 'boolean' },
  shared: { type: 'boolean' },
  policy: { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies ToolOptions;

/** The tool `postern undo`: takes back what a wrong rule has approved. */
export const undo: Command<DeploymentHost & RecordsHost> = {
  summary: 'show what a rule has approved or rejected since a time, and take approvals back',
  options,
  help: `Usage: postern undo --rule <name> --since <time> [options]

Without --yes, lists every connection that the rule has approved or rejected
since that time, how it stands now and what an undo would do, and changes
nothing. With --yes, asks the app to take the approvals back. The app decides
each one again first: not if it was decided again since, if a rule holds the
connection, or if the policy would approve it again at once. The limit of
revocations counts, the ledger records who asked, and the end is proven.

Nothing is ever approved by an undo: a wrong rejection is only listed. Change
the policy first: a rule that is still in force approves new requests.

Needs the deployment's storage: AzureWebJobsStorage, or
AzureWebJobsStorage__accountName and a sign-in.

Options:
  --rule <name>     the rule, as in the policy and in the records
  --since <time>    such as 2h or 7d, or an instant: 2026-01-31T00:00:00Z
  --yes             take the approvals back, at most ${mostAtOnce} in one run
  --reason <text>   why, for the record. Default: the rule's approval was wrong
  --delete          delete the connections instead of rejecting them
  --shared          also those that another rule approved as well
  --policy <path>   the policy that the app uses. Default: POLICY_PATH
  --json            JSON output
  --help            show this help

Exit code: 0 if nothing is left to take back or all was asked for, 1 if
something can be taken back or changed meanwhile, 2 for wrong usage or if the
storage does not answer.`,

  async run(args, host) {
    const { values } = readOptions(args, options);
    const rule = ruleFrom(values.rule);
    if (values.since === undefined)
      throw new CliError('pass --since <time>, such as 2h or 2026-01-31T00:00:00Z');
    const since = sinceFrom(host.clock.now(), values.since);
    const deployment = host.deployment();
    const wanted: Undo = {
      rule,
      effect: values.delete === true ? 'delete' : 'reject',
      by: deployment.person,
      reason: reasonFrom(rule, values.reason),
      takesShared: values.shared === true,
    };
    const check = await checkRule(host, { rule, path: values.policy });
    const { decisions: found, problems } = await decisionsOfRule(deployment, { rule, since });
    const isWanted = ({ standing }: RuleDecision): boolean =>
      standing === 'approved' || (standing === 'shared' && wanted.takesShared);
    const notes = [...check.notes, ...problems.map((problem) => `Not read, so not known: ${problem}`)];
    const report = {
      since,
      wanted,
      notes,
      refusal: check.refusal,
      found,
      isWanted,
      asJson: values.json === true,
    };
    if (values.yes !== true) return list(host, report);
    if (check.refusal !== undefined && found.some(isWanted)) throw new CliError(check.refusal);
    return ask(host, deployment, report);
  },
};

function ruleFrom(text: string | undefined): string {
  if (text === undefined) throw new CliError('pass --rule <name>, as in the policy');
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(text))
    throw new CliError('--rule must be the name of a rule: letters, digits, dots, dashes, underscores');
  return text;
}

function reasonFrom(rule: string, text: string | undefined): string {
  const reason = text?.trim() ?? '';
  if (text !== undefined && reason === '') throw new CliError('--reason must not be empty');
  return `takes back what rule ${rule} approved${reason === '' ? '' : `: ${reason}`}`;
}

interface Report {
  readonly since: Date;
  readonly wanted: Undo;
  readonly notes: readonly string[];
  readonly refusal: string | undefined;
  readonly found: readonly RuleDecision[];
  readonly isWanted: (decision: RuleDecision) => boolean;
  readonly asJson: boolean;
}

async function list(
  host: CliHost,
  { since, wanted, notes, refusal, found, isWanted, asJson }: Report,
): Promise<0 | 1> {
  const count = found.filter(isWanted).length;
  if (asJson) {
    await printJson(host, {
      rule: wanted.rule,
      since: since.toISOString(),
      canBeTakenBack: count,
      notes,
      refusal,
      connections: found.map((each) => plainDecision(each, wanted)),
    });
  } else {
    await printLines(host, [
      ...decisionLines({
        since,
        wanted,
        found,
        notes: [...notes, ...(refusal === undefined ? [] : [`${refusal}.`])],
      }),
      ...(count === 0 ? [] : ['', `To take ${counted(count, 'approval')} back, run the same with --yes`]),
    ]);
  }
  return count === 0 ? 0 : 1;
}

async function ask(
  host: CliHost,
  deployment: Deployment,
  { since, wanted, notes, found, isWanted, asJson }: Report,
): Promise<0 | 1> {
  const asked: string[] = [];
  const changed: { readonly connection: string; readonly standing: Standing | 'busy' }[] = [];
  const all = found.filter(isWanted);
  for (const each of all.slice(0, mostAtOnce)) {
    const outcome = await undoOne(deployment, each, wanted);
    if (outcome === 'asked') asked.push(each.connection.id);
    else changed.push({ connection: each.connection.id, standing: outcome });
  }
  const before = found.filter(({ standing }) => standing === 'asked');
  for (const each of before.slice(0, mostAtOnce)) await repeat(deployment, each);
  await deployment.audit.flush();
  const left = Math.max(0, all.length - mostAtOnce);
  if (asJson) {
    const { rule } = wanted;
    await printJson(host, {
      rule,
      since: since.toISOString(),
      asked,
      askedBefore: before.length,
      changed,
      left,
      notes,
    });
  } else {
    await printLines(host, [
      ...notes.flatMap((note) => wrapped(note, 80)),
      ...wrapped(`Asked the app to take ${counted(asked.length, 'approval')} of ${wanted.rule} back.`, 80),
      ...(before.length === 0 ? [] : [`${before.length} had been asked for before.`]),
      ...changed.flatMap(({ connection, standing }) => [`Not asked, ${standing} by now:`, `  ${connection}`]),
      ...(left === 0 ? [] : [`${left} are left: run it again.`]),
      ...(asked.length + before.length === 0 ? [] : ['To follow one: postern show <connection>']),
    ]);
  }
  return changed.length + left === 0 ? 0 : 1;
}

/** Asks for one undo. `busy`: others kept changing the row. */
async function undoOne(
  deployment: Deployment,
  decision: RuleDecision,
  wanted: Undo,
): Promise<'asked' | Standing | 'busy'> {
  try {
    const result = await undoDecision(deployment, decision, wanted);
    return result.kind === 'asked' ? 'asked' : result.standing;
  } catch (error) {
    if (!hasCode(error, 'STORE_CONFLICT')) throw error;
    return 'busy';
  }
}

/** Repeats a request that is stored. If the row has changed meanwhile, the app is at work on it. */
async function repeat(deployment: Deployment, decision: RuleDecision): Promise<void> {
  try {
    await askAgain(deployment, decision);
  } catch (error) {
    if (!hasCode(error, 'STORE_CONFLICT')) throw error;
  }
}
