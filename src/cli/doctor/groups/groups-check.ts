import { lower } from '../../../base/compare';
import { outlinePolicy } from '../../../policy/analysis/rule-outline';
import { listedSubscriptions, type NamedGroup, namedGroups } from '../../../policy/lists/named-groups';
import { locate } from '../../load-policy';
import { counted } from '../../output';
import { type Check, type CheckRun, notChecked } from '../check';
import { type Examination, forEachSome } from '../examination';
import { ok, problem, warning } from '../finding';

/**
 * Creates the check whether the management groups that the policy names are visible, and whether a
 * list that admits names a subscription of a service of Microsoft, which serves every customer.
 */
export function groupsCheck({ sources }: Examination): Check {
  return {
    name: 'groups',
    title: 'Management groups and lists',
    async run(run) {
      const { path, source, files } = sources.policy();
      const load = await source.current();
      if (load.kind === 'refused') {
        run.report(warning(path, 'not checked: the policy does not load', `postern validate ${path}`));
        return;
      }
      const outline = outlinePolicy(await files());
      const groups = namedGroups(outline);
      const listed = listedSubscriptions(outline);
      if (groups.length === 0 && listed.length === 0)
        run.report(ok(path, 'the policy names no management group, and no subscription in a list'));
      if (groups.length > 0) await checkGroups(sources.arm().managementGroups, { path, groups }, run);
      if (listed.length > 0)
        await checkSubscriptions(
          sources.arm().tenantOf,
          { path, listed, microsoft: load.policy.microsoftTenants },
          run,
        );
    },
  };
}

type Arm = ReturnType<Examination['sources']['arm']>;

async function checkGroups(
  reader: Arm['managementGroups'],
  { path, groups }: { readonly path: string; readonly groups: readonly NamedGroup[] },
  { report }: CheckRun,
): Promise<void> {
  const found = await reader.find(groups.map(({ id }) => id));
  const visible = new Set(found.map(({ name }) => lower(name)));
  const hidden = groups.filter(({ id }) => !visible.has(lower(id)));
  for (const { id, list, path: file, line } of hidden) {
    const place = `${locate(path, file)}:${line}`;
    const fix = `assign the role Reader to Postern's identity at the management group ${id}, or correct its id (not its display name)`;
    if (list === undefined)
      report(
        warning(
          place,
          `the management group ${id} is not visible: requesters below it may not be known`,
          fix,
        ),
      );
    else
      report(
        problem(
          place,
          `the management group ${id} is not visible: the list ${list} is absent, and its rules hold`,
          fix,
        ),
      );
  }
  if (hidden.length === 0)
    report(ok(path, `all ${counted(groups.length, 'management group')} that the policy names can be read`));
}

/** The most subscriptions whose tenant is asked for, because each costs a call. */
const mostSubscriptions = 200;

async function checkSubscriptions(
  tenantOf: Arm['tenantOf'],
  {
    path,
    listed,
    microsoft,
  }: {
    readonly path: string;
    readonly listed: ReturnType<typeof listedSubscriptions>;
    readonly microsoft: ReadonlySet<string>;
  },
  { report, signal }: CheckRun,
): Promise<void> {
  let allRight = 0;
  await forEachSome(listed.slice(0, mostSubscriptions), signal, async ({ id, list, path: file, line }) => {
    const place = `${locate(path, file)}:${line}`;
    try {
      const tenant = await tenantOf(id);
      if (tenant === undefined || !microsoft.has(tenant)) allRight += 1;
      else
        report(
          warning(
            place,
            `the list ${list} admits ${id}, which belongs to a service of Microsoft: whoever uses that service asks from it`,
            'remove it, or let the rule check more than the subscription: see docs/policy.md, Who asks',
          ),
        );
    } catch (error) {
      report(notChecked(place, error));
    }
  });
  if (allRight > 0)
    report(ok(path, `of no service of Microsoft: ${counted(allRight, 'subscription')} in lists`));
}
