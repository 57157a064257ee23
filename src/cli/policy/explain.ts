import { factPathsOf, outlinePolicy, type PolicyOutline } from '../../policy/analysis/rule-outline';
import { answerLines } from '../../policy/answers/answer-text';
import { withAnnouncement } from '../../policy/expected/announced-facts';
import type { Facts } from '../../policy/facts/facts';
import { knownStatusFrom } from '../../policy/file/statuses';
import { CliError, type CliHost, type Command, type ToolOptions } from '../cli-host';
import { choiceLines } from '../facts/find-connection';
import type { RecordsHost } from '../show/connection-records';
import type { AzureHost } from '../facts/read-live-facts';
import { readSubject } from './explain-subject';
import { defaultPolicyPath, type LoadedPolicy, loadOrReport, locate } from '../load-policy';
import { instantBefore, instantFrom } from '../option-values';
import { counted, printJson, printLines } from '../output';
import { answerText, effectText } from './answer-text';
import { readGivenLists, withGivenLists } from './given-lists';
import {
  absent,
  explainDecision,
  type ExplainedRule,
  type Explanation,
} from '../../policy/explain/explain-decision';
import { readArgs } from '../tool-options';

const options = {
  policy: { type: 'string' },
  lists: { type: 'string' },
  now: { type: 'string' },
  age: { type: 'string' },
  'target-tag': { type: 'string', multiple: true },
  'endpoint-tag': { type: 'string', multiple: true },
  json: { type: 'boolean' },
} as const satisfies ToolOptions;

/** The tool `postern explain`: explains the decision on one connection. */
export const explain: Command<AzureHost & RecordsHost> = {
  summary: 'explain the decision on one connection: each rule, with the values it read',
  options,
  help: `Usage: postern explain [options] <connection | file>

Decides one connection and shows what each rule contributes. A connection is read from Azure; nothing is written. Name it by
its id, by the id of its endpoint, or as target/endpoint, such as kv-shop/pe-web; if that fits several, they are listed.
A file contains facts in JSON or YAML, or a connection as ARM, az or Az PowerShell print it. Facts may leave out
what a test case may leave out; the output says what was made up.

Options:
  --policy <path>              the policy: a file, a folder or an https URL. Default: POLICY_PATH, then ${defaultPolicyPath}. If
                               the deployment's storage is set, a note says whether the app decides by another policy
  --lists <file>               the entries of managed lists, as \`postern lists --entries\` writes them
  --now <instant>              decide as of this time, such as 2026-01-31T00:00:00Z. Default: now
  --age <time>                 time since the connection was first seen, such as 7d, if the file does not state it. Default: 0s
  --target-tag <name=value>    a tag of the target that the file does not contain; repeatable
  --endpoint-tag <name=value>  a tag of the endpoint that the file does not contain; repeatable
  --json                       JSON output
  --help                       show this help

Exit code: 0 if the decision was explained, 1 if the policy does not load or the name fits several connections, 2 for wrong
usage or if Azure does not answer.`,

  async run(args, host) {
    const { values, positionals } = readArgs(args, options);
    const [subject, ...others] = positionals;
    if (subject === undefined || others.length > 0) throw new CliError('pass one connection id, or one file');
    const now = instantFrom(host.clock.now(), values.now);
    const firstSeen = instantBefore(now, values.age);
    const tags = {
      targetTags: tagsFrom(values['target-tag']),
      endpointTags: tagsFrom(values['endpoint-tag']),
    };
    const found = await loadOrReport(host, values.policy ?? host.policyPath ?? defaultPolicyPath);
    if (found === undefined) return 1;
    const given = await readGivenLists(host, values.lists, [found.policy]);
    const loaded = { ...found, policy: withGivenLists(found.policy, given) };
    const read = await readSubject(host, subject, { loaded, firstSeen, tags });
    if (read.kind === 'several') {
      if (values.json === true) await printJson(host, { matches: read.found.map(({ id }) => id.id) });
      else
        await printLines(host, [
          `${counted(read.found.length, 'connection')} fit. Pass the id of one:`,
          ...choiceLines(read.found),
        ]);
      return 1;
    }
    const facts = withAnnouncement(read.facts, loaded.policy.expected, now);
    const outline = outlinePolicy(loaded.files);
    const explanation = explainDecision(loaded.policy, outline, facts, { now, lists: given.lists });
    const notes = read.isLive ? read.notes : notesOf(facts, read.madeUp, outline);
    if (values.json === true) await printJson(host, { ...plain(explanation, facts, loaded), notes });
    else await printExplanation(host, explanation, { facts, notes, loaded });
    return 0;
  },
};

/** Says what a reader must know about the facts of a file: what was made up, and what rules read and it does not state. */
function notesOf(facts: Facts, madeUp: readonly string[], { rules }: PolicyOutline): readonly string[] {
  const read = rules.flatMap(({ condition }) => factPathsOf(condition));
  const isRead = (root: string, field?: string): boolean =>
    read.some((path) => path.root === root && (field === undefined || path.field === field));
  const { endpoint, target, consumer } = facts;
  const isExample = madeUp.length > 0;
  return [
    ...(isExample ? [`made up, as in test cases: ${madeUp.join(', ')}`] : []),
    ...(endpoint !== undefined && consumer === undefined && isRead('consumer')
      ? ['this file has no counts: state them, such as `consumer: { approved: 1 }`']
      : []),
    ...(!isExample && target.tags === undefined && isRead('target', 'tags')
      ? ['this file has no tags of the target: add them, such as --target-tag env=prod']
      : []),
    ...(!isExample && endpoint !== undefined && endpoint.tags === undefined && isRead('endpoint', 'tags')
      ? ['this file has no tags of the endpoint: add them, such as --endpoint-tag team=web']
      : []),
  ];
}

function tagsFrom(texts: readonly string[] | undefined): Record<string, string> | undefined {
  if (texts === undefined) return undefined;
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new CliError('a tag must have the form name=value');
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

async function printExplanation(
  host: CliHost,
  { decision, rules, why }: Explanation,
  {
    facts: { connection, target, requesterProof, expected },
    notes,
    loaded: { policy, path: policyPath },
  }: { readonly facts: Facts; readonly notes: readonly string[]; readonly loaded: LoadedPolicy },
): Promise<void> {
  const outcome = decision === undefined ? 'none' : `${answerText(decision, '')}: ${decision.reason}`;
  const applicable = rules.filter((rule) => rule.outcome !== 'not asked');
  const others = rules.filter((rule) => rule.outcome === 'not asked');
  await printLines(host, [
    `Connection  ${connection.name} (${connection.status}) of ${target.type} ${target.name}`,
    `Policy      ${policy.digest.slice(0, 12)}, mode ${policy.mode}`,
    ...(requesterProof === undefined ? [] : [`Requester   ${requesterProof}`]),
    ...(expected === undefined
      ? []
      : [
          `Announced   by ${expected.by}, until ${expected.until.toISOString()} (counts once, and for one connection)`,
        ]),
    `Outcome     ${outcome}`,
    `Why         ${why}`,
    ...answerLines(policy.answers, decision, connection.status).map((line) => `Console     ${line}`),
    ...(decision?.lists === undefined
      ? []
      : [`Lists       ${decision.lists.map(({ snapshot }) => snapshot).join(', ')}`]),
    ...notes.map((note) => `Note        ${note}`),
    ...applicable.flatMap((rule) => ['', ...ruleLines({ ...rule, path: locate(policyPath, rule.path) })]),
    ...(others.length === 0 ? [] : ['', `${counted(others.length, 'rule')} for other statuses:`]),
    ...others.map(
      ({ rule, on }) => `  ${rule} (${on.map((status) => knownStatusFrom(status) ?? status).join(', ')})`,
    ),
  ]);
}

function ruleLines(explained: ExplainedRule): string[] {
  const { rule, path, line, when, outcome, problem, falseParts, saw } = explained;
  return [
    `${outcome.padEnd(7)}  ${rule} (${effectText(explained)})  ${path}:${line}`,
    `    when ${when.trim().replace(/\s+/g, ' ')}`,
    ...(problem === undefined ? [] : [`    could not be evaluated: ${problem}`]),
    ...falseParts.map((part) => `    false: ${part.trim().replace(/\s+/g, ' ')}`),
    ...saw.map(({ fact, value }) => `    ${fact} = ${shown(value)}`),
  ];
}

const mostEntries = 5;

function shown(value: unknown): string {
  if (value === absent) return '(absent)';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) return JSON.stringify(recordOf(value));
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value) && value.length > mostEntries)
    return `${JSON.stringify(value.slice(0, mostEntries)).slice(0, -1)}, … ${value.length - mostEntries} more]`;
  return JSON.stringify(value) ?? '(absent)';
}

function plain({ decision, rules, why }: Explanation, facts: Facts, { policy }: LoadedPolicy): object {
  return {
    connection: facts.connection.id,
    status: facts.connection.status,
    requesterProof: facts.requesterProof,
    policyDigest: policy.digest,
    mode: policy.mode,
    effect: decision?.effect ?? 'none',
    expireAfterSeconds: decision?.expireAfterSeconds,
    decidedBy: decision?.rules ?? [],
    reason: decision?.reason,
    lists: decision?.lists?.map(({ snapshot }) => snapshot),
    why,
    ...consoleField(answerLines(policy.answers, decision, facts.connection.status)),
    rules: rules.map((rule) => ({ ...rule, saw: rule.saw.map(plainFact) })),
  };
}

function consoleField(lines: readonly string[]): { readonly console?: readonly string[] } {
  return lines.length === 0 ? {} : { console: lines };
}

function plainFact({ fact, value }: ExplainedRule['saw'][number]): object {
  if (value === absent) return { fact, absent: true };
  if (typeof value === 'bigint') return { fact, value: Number(value) };
  return { fact, value: value instanceof Map ? recordOf(value) : value };
}

function recordOf(map: ReadonlyMap<unknown, unknown>): Record<string, unknown> {
  return Object.fromEntries([...map].map(([name, value]) => [String(name), value]));
}
