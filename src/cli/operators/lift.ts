import type { OverdueOperation } from '../../operations/operation-store';
import { limitedKinds, type LimitedKind } from '../../policy/policy';
import { heldBy, liftLimit } from '../../review/limits/lift-limit';
import { CliError, type CliHost, type Command, type ToolOptions } from '../cli-host';
import { counted, printJson, printLines } from '../output';
import type { Deployment, DeploymentHost } from './deployment';
import { oldestFirst, waitingLines, waitingRow } from './held-operations';
import { readArgs } from '../tool-options';

const options = { yes: { type: 'boolean' }, json: { type: 'boolean' } } as const satisfies ToolOptions;

/** The tool `postern lift`: shows and releases the writes that a limit of the policy holds. */
export const lift: Command<DeploymentHost> = {
  summary: 'show the writes that the limits of the policy hold, and release them',
  options,
  help: `Usage: postern lift [rejects|deletes|revocations] [options]

Without --yes, shows the writes that wait because a limit of the policy was reached, and changes nothing. With a kind and
--yes, releases all writes of that kind and resets the count. Each connection is read and decided again before it is written.
The audit records who lifted the limit.
Needs the deployment's storage: AzureWebJobsStorage, or AzureWebJobsStorage__accountName and a sign-in.

Options:
  --yes   lift the limit
  --json  JSON output
  --help  show this help

Exit code: 0 if nothing waits or the limit was lifted, 1 if something waits, 2 for wrong usage or if the storage does not
answer.`,

  async run(args, host) {
    const { values, positionals } = readArgs(args, options);
    const kinds = kindsFrom(positionals);
    const asJson = values.json === true;
    const deployment = host.deployment();
    if (values.yes !== true) return show(host, deployment, { kinds, asJson });
    const [kind] = kinds;
    if (kind === undefined || positionals.length !== 1)
      throw new CliError(`pass the limit to lift: ${limitedKinds.join(', ')}`);
    const count = await liftLimit(deployment, kind, deployment.person);
    await deployment.audit.flush();
    if (asJson) await printJson(host, { lifted: kind, letGo: count });
    else await printLines(host, [`The limit of ${kind} is lifted; ${counted(count, 'write')} released.`]);
    return 0;
  },
};

function kindsFrom(positionals: readonly string[]): readonly LimitedKind[] {
  if (positionals.length === 0) return limitedKinds;
  if (positionals.length > 1) throw new CliError('only one limit at a time');
  const kind = limitedKinds.find((each) => each === positionals[0]);
  if (kind === undefined) {
    throw new CliError(
      `there is no limit of ${JSON.stringify(positionals[0])}: use one of ${limitedKinds.join(', ')}`,
    );
  }
  return [kind];
}

interface Wanted {
  readonly kinds: readonly LimitedKind[];
  readonly asJson: boolean;
}

async function show(host: CliHost, deployment: Deployment, { kinds, asJson }: Wanted): Promise<0 | 1> {
  const held: (OverdueOperation & { readonly kind: LimitedKind })[] = [];
  for (const kind of kinds) {
    for await (const each of heldBy(deployment, kind)) held.push({ ...each, kind });
  }
  held.sort(oldestFirst);
  if (asJson) {
    await printJson(host, {
      waiting: held.map(({ kind, ...each }) => ({ limit: kind, ...waitingRow(each) })),
    });
  } else if (held.length === 0) {
    await printLines(host, ['No write is held by a limit.']);
  } else {
    const lines = held.flatMap(({ kind, ...each }) => waitingLines(each, `limit of ${kind}`));
    const fix = `To release them: postern lift ${kinds.length === 1 ? kinds[0] : '<limit>'} --yes`;
    await printLines(host, [...lines, '', fix]);
  }
  return held.length === 0 ? 0 : 1;
}
