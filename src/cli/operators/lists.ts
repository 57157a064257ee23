import { secondsUntil } from '../../base/clock';
import { formatTimeSpan } from '../../policy/file/time-span';
import { snapshotName } from '../../policy/lists/list-snapshot';
import { differenceOf, type ListState, usableIn, usableUntil } from '../../policy/lists/list-state';
import { acceptList } from '../../review/lists/accept-list';
import type { StoredList } from '../../review/lists/list-store';
import { CliError, type CliHost, type Command, type ToolOptions } from '../cli-host';
import { counted, printJson, printLines } from '../output';
import type { Deployment, DeploymentHost } from './deployment';
import { readOptions } from '../tool-options';

const options = {
  accept: { type: 'string' },
  entries: { type: 'boolean' },
  json: { type: 'boolean' },
} as const satisfies ToolOptions;

/** The tool `postern lists`: shows the managed lists of a deployment, and accepts what was set aside. */
export const lists: Command<DeploymentHost> = {
  summary: 'show the lists that Postern reads from Azure, and accept one that has lost much',
  options,
  help: `Usage: postern lists [options]

Shows each managed list of the policy in force: where its entries come from, how many there are, how old they are, and when
they changed last. A list that has lost more than 20 % and at least five entries, or all, keeps its last entries until a
person accepts the new ones. The audit records who did.
Needs the deployment's storage: AzureWebJobsStorage, or AzureWebJobsStorage__accountName and a sign-in.

Options:
  --accept <name>  take the entries that were set aside, such as landingZones, or landingZones@3f2a9c1b for only these
  --entries        print the entries in use as JSON, for the option --lists of test, explain and simulate
  --json           JSON output
  --help           show this help

Exit code: 0 if every list is in order or the entries were accepted, 1 if a list is absent or stale, or entries were set
aside, 2 for wrong usage or if the storage does not answer.`,

  async run(args, host) {
    const { values } = readOptions(args, options);
    const deployment = host.deployment();
    const asJson = values.json === true;
    if (values.accept !== undefined) return accept(host, deployment, { wanted: values.accept, asJson });
    const now = host.clock.now();
    const all = await deployment.listStore.all();
    if (values.entries === true) {
      const usable = all.flatMap(({ name, state }) => {
        const list = state && usableIn(state, now);
        return list === undefined ? [] : [[name, list.entries] as const];
      });
      await printJson(host, Object.fromEntries(usable));
      return usable.length === all.length ? 0 : 1;
    }
    const shown = all.map((stored) => shownList(stored, now));
    if (asJson) await printJson(host, { lists: shown });
    else await printLines(host, shown.length === 0 ? [none] : shown.flatMap(linesOf));
    return shown.every(({ isUsable, stale, aside }) => isUsable && !stale && !aside) ? 0 : 1;
  },
};

const none = 'There is no managed list: no rule of the policy reads one, or Postern has not read it yet.';

async function accept(
  host: CliHost,
  deployment: Deployment,
  { wanted, asJson }: { readonly wanted: string; readonly asJson: boolean },
): Promise<0> {
  const snapshot = await acceptList(deployment, wanted, deployment.person);
  await deployment.audit.flush();
  if (snapshot === undefined)
    throw new CliError(`nothing was set aside for ${JSON.stringify(wanted)}: postern lists shows what was`);
  const [name = ''] = wanted.split('@');
  const accepted = snapshotName(name, snapshot);
  if (asJson) await printJson(host, { accepted, entries: snapshot.entries.length });
  else
    await printLines(host, [
      `${accepted} is accepted, with ${counted(snapshot.entries.length, 'subscription')}. The next sweep decides by it.`,
    ]);
  return 0;
}

/** A managed list as the tool prints it. */
interface ShownList {
  readonly name: string;
  readonly isUsable: boolean;
  readonly source?: string | undefined;
  readonly entries?: number | undefined;
  readonly digest?: string | undefined;
  readonly readAt?: string | undefined;
  readonly ageSeconds?: number | undefined;
  readonly usableUntil?: string | undefined;
  readonly changed?: ListState['changed'];
  readonly stale?: ListState['stale'];
  readonly aside?:
    | {
        readonly snapshot: string;
        readonly since: string;
        readonly entries: number;
        readonly came: number;
        readonly went: number;
      }
    | undefined;
}

function shownList({ name, state }: StoredList, now: Date): ShownList {
  if (state === undefined) return { name, isUsable: false };
  const { source, snapshot, changed, stale, aside } = state;
  const isUsable = usableIn(state, now) !== undefined;
  return {
    name,
    isUsable,
    source,
    entries: snapshot?.entries.length,
    digest: snapshot?.digest,
    readAt: snapshot?.readAt,
    ageSeconds: snapshot && secondsUntil(new Date(snapshot.readAt), now),
    usableUntil: usableUntil(state),
    changed,
    stale,
    aside: aside && {
      snapshot: snapshotName(name, aside.snapshot),
      since: aside.since,
      entries: aside.snapshot.entries.length,
      came: differenceOf(snapshot, aside.snapshot).came.length,
      went: differenceOf(snapshot, aside.snapshot).went.length,
    },
  };
}

function linesOf(list: ShownList): string[] {
  const { name, isUsable, source, digest, readAt, changed, stale, aside } = list;
  const age = formatTimeSpan(list.ageSeconds ?? 0);
  return [
    `${name}: ${isUsable ? counted(list.entries ?? 0, 'subscription') : 'absent, so that rules that read it hold'}`,
    ...(source === undefined ? ['  its row in the storage cannot be read'] : [`  source       ${source}`]),
    ...(digest === undefined ? [] : [`  digest       ${snapshotName(name, { digest })}`]),
    ...(readAt === undefined
      ? []
      : [`  read         ${readAt}, ${age} ago; counts until ${list.usableUntil}`]),
    ...(changed === undefined
      ? []
      : [`  last change  ${changed.at}: ${changed.came} came, ${changed.went} went`]),
    ...(stale === undefined ? [] : [`  stale        since ${stale.since}: ${stale.problem}`]),
    ...(aside === undefined
      ? []
      : [
          `  set aside    since ${aside.since}: ${aside.snapshot} with ${counted(aside.entries, 'subscription')}, ${aside.came} came, ${aside.went} went`,
          `               to take it: postern lists --accept ${aside.snapshot}`,
        ]),
  ];
}
