import { parseArgs } from 'node:util';
import {
  parseConnectionId,
  parseResourceId,
  parseTargetId,
  type TargetId,
} from '../../connections/resource-id';
import { describeError } from '../../base/errors';
import type { OverdueOperation } from '../../operations/operation-store';
import { requestRetry } from '../../review/queue/request-retry';
import { CliError, type CliHost, type Command, type Deployment } from '../cli-host';
import { idOrSame } from '../id-argument';
import { counted, printJson, printLines } from '../output';
import { oldestFirst, waitingLines, waitingRow } from './held-operations';

export const retry: Command = {
  summary: 'show what was given up, and put it back',
  help: `Usage: postern retry [<connection or target id> ... | --all] [options]

Without an id it shows the operations that were given up (abandoned), with their cause, and changes nothing. With ids, or
--all, it asks for a review of those targets and for one more attempt at what was given up on them; each connection is read
and decided again first, and the audit says who put it back. Needs the deployment's storage: AzureWebJobsStorage, or
AzureWebJobsStorage__accountName and a sign-in.

Options:
  --all   put everything back that was given up
  --json  for machines
  --help  this text

Exit code: 0 when nothing was given up or it was put back, 1 when something was given up, 2 for wrong usage or when the
storage does not answer.`,

  async run(args, host) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { all: { type: 'boolean' }, json: { type: 'boolean' } },
    });
    if (values.all === true && positionals.length > 0) throw new CliError('say ids or --all, not both');
    const named = positionals.map(targetFrom);
    const deployment = host.deployment();
    const asJson = values.json === true;
    if (named.length === 0 && values.all !== true) return show(host, deployment, asJson);
    const targets = values.all === true ? await targetsGivenUp(deployment) : distinct(named);
    for (const target of targets) await requestRetry(deployment, target, deployment.person);
    await deployment.audit.flush();
    if (asJson) await printJson(host, { putBack: targets.map(({ id }) => id) });
    else await printLines(host, [`${counted(targets.length, 'target')} put back, to be reviewed again.`]);
    return 0;
  },
};

function targetFrom(argument: string): TargetId {
  const text = idOrSame(argument);
  try {
    const isConnection = parseResourceId(text).type.toLowerCase().endsWith('/privateendpointconnections');
    return isConnection ? parseConnectionId(text).target : parseTargetId(text);
  } catch (error) {
    throw new CliError(`${text} is no id of a target or a connection. ${describeError(error)}`);
  }
}

async function givenUp({ operations }: Deployment): Promise<OverdueOperation[]> {
  const found: OverdueOperation[] = [];
  for await (const each of operations.waitingForPerson('abandoned')) found.push(each);
  return found.sort(oldestFirst);
}

async function targetsGivenUp(deployment: Deployment): Promise<readonly TargetId[]> {
  return distinct((await givenUp(deployment)).map(({ connection }) => connection.target));
}

function distinct(targets: readonly TargetId[]): readonly TargetId[] {
  return [...new Map(targets.map((target) => [target.key, target])).values()];
}

async function show(host: CliHost, deployment: Deployment, asJson: boolean): Promise<0 | 1> {
  const found = await givenUp(deployment);
  if (asJson) {
    await printJson(host, { givenUp: found.map(waitingRow) });
  } else if (found.length === 0) {
    await printLines(host, ['Nothing was given up.']);
  } else {
    await printLines(host, [
      ...found.flatMap((each) => waitingLines(each, each.operation.error ?? 'cause unknown')),
      '',
      'To try again: postern retry <connection id>, or postern retry --all',
    ]);
  }
  return found.length === 0 ? 0 : 1;
}
