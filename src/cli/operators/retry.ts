import {
  parseConnectionId,
  parseResourceId,
  parseTargetId,
  type TargetId,
} from '../../connections/resource-id';
import { describeError } from '../../base/errors';
import type { OverdueOperation } from '../../operations/operation-store';
import { requestRetry } from '../../review/queue/request-retry';
import { CliError, type CliHost, type Command, type ToolOptions } from '../cli-host';
import { idOrSame } from '../id-argument';
import { counted, printJson, printLines } from '../output';
import type { Deployment, DeploymentHost } from './deployment';
import { oldestFirst, waitingLines, waitingRow } from './held-operations';
import { readArgs } from '../tool-options';

const options = { all: { type: 'boolean' }, json: { type: 'boolean' } } as const satisfies ToolOptions;

/** The tool `postern retry`: shows abandoned operations and requeues them. */
export const retry: Command<DeploymentHost> = {
  summary: 'show abandoned operations, and requeue them',
  options,
  help: `Usage: postern retry [<connection or target id> ... | --all] [options]

Without an id, shows the abandoned operations with their causes, and changes nothing. With ids, or --all, requests a review
of those targets and one more attempt at their abandoned operations. Each connection is read and decided again before it is
written. The audit records who requeued the target.
Needs the deployment's storage: AzureWebJobsStorage, or AzureWebJobsStorage__accountName and a sign-in.

Options:
  --all   requeue all abandoned operations
  --json  JSON output
  --help  show this help

Exit code: 0 if no operation is abandoned or the targets were requeued, 1 if an operation is abandoned, 2 for wrong usage or
if the storage does not answer.`,

  async run(args, host) {
    const { values, positionals } = readArgs(args, options);
    if (values.all === true && positionals.length > 0) throw new CliError('pass ids or --all, not both');
    const named = positionals.map(targetFrom);
    const deployment = host.deployment();
    const asJson = values.json === true;
    if (named.length === 0 && values.all !== true) return show(host, deployment, asJson);
    const targets = values.all === true ? await targetsWithAbandoned(deployment) : distinct(named);
    for (const target of targets) await requestRetry(deployment, target, deployment.person);
    await deployment.audit.flush();
    if (asJson) await printJson(host, { putBack: targets.map(({ id }) => id) });
    else await printLines(host, [`${counted(targets.length, 'target')} requeued for review.`]);
    return 0;
  },
};

function targetFrom(argument: string): TargetId {
  const text = idOrSame(argument);
  try {
    const isConnection = parseResourceId(text).type.toLowerCase().endsWith('/privateendpointconnections');
    return isConnection ? parseConnectionId(text).target : parseTargetId(text);
  } catch (error) {
    throw new CliError(`${text} is not the id of a target or a connection. ${describeError(error)}`);
  }
}

async function abandonedOperations({ operations }: Deployment): Promise<OverdueOperation[]> {
  const found: OverdueOperation[] = [];
  for await (const each of operations.waitingForPerson('abandoned')) found.push(each);
  return found.sort(oldestFirst);
}

async function targetsWithAbandoned(deployment: Deployment): Promise<readonly TargetId[]> {
  return distinct((await abandonedOperations(deployment)).map(({ connection }) => connection.target));
}

function distinct(targets: readonly TargetId[]): readonly TargetId[] {
  return [...new Map(targets.map((target) => [target.key, target])).values()];
}

async function show(host: CliHost, deployment: Deployment, asJson: boolean): Promise<0 | 1> {
  const found = await abandonedOperations(deployment);
  if (asJson) {
    await printJson(host, { givenUp: found.map(waitingRow) });
  } else if (found.length === 0) {
    await printLines(host, ['No operation is abandoned.']);
  } else {
    await printLines(host, [
      ...found.flatMap((each) => waitingLines(each, each.operation.error ?? 'cause unknown')),
      '',
      'To requeue them: postern retry <connection id>, or postern retry --all',
    ]);
  }
  return found.length === 0 ? 0 : 1;
}
