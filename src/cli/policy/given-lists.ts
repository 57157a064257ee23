import * as z from '../../base/schema/schema';
import { isGuid } from '../../base/guid';
import { noLists, snapshotOf, type UsableLists } from '../../policy/lists/list-snapshot';
import { listBounds } from '../../policy/lists/managed-list';
import type { Policy } from '../../policy/policy';
import { CliError, type CliHost } from '../cli-host';
import { checkInput, inputError, parseInput } from '../facts/yaml-input';

const listsSchema = z.record(
  z.string(),
  z
    .array(
      z
        .string({ error: 'must be the id of a subscription (a GUID)' })
        .check(z.refine(isGuid, { error: 'must be the id of a subscription (a GUID)' })),
      { error: 'must be a list of subscription ids' },
    )
    .check(z.maxLength(listBounds.entries, { error: `has more than ${listBounds.entries} entries` })),
  { error: 'the file must map names of lists to lists of subscription ids' },
);

/** The entries of managed lists that a person gives to a tool. */
export interface GivenLists {
  readonly lists: UsableLists;
  /** The text of the file; `''` without one. */
  readonly text: string;
}

/**
 * Reads the file of `--lists`: YAML or JSON that maps names of managed lists to subscription ids.
 * @throws CliError with every problem, its location and a caret
 */
export async function readGivenLists(
  host: CliHost,
  path: string | undefined,
  policies: readonly Policy[],
): Promise<GivenLists> {
  if (path === undefined) return { lists: noLists, text: '' };
  const file = { path, text: await host.readText(path) };
  const input = parseInput(file);
  const content = checkInput(input, listsSchema, file);
  const known = new Set(policies.flatMap(({ managedLists }) => managedLists.map(({ name }) => name)));
  const unknown = Object.keys(content).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    const problems = unknown.map((name) =>
      input.problem([name], `no rule reads a managed list \`${name.slice(0, 64)}\`: remove it`),
    );
    throw inputError(problems, file);
  }
  const readAt = host.clock.now().toISOString();
  const lists = Object.entries(content).map(([name, entries]) => {
    const snapshot = snapshotOf({ tenantId: '', entries, readAt });
    return [name, { ...snapshot, maxAgeSeconds: listBounds.longestMaxAgeSeconds }] as const;
  });
  return { lists: new Map(lists), text: file.text };
}

/**
 * Returns the policy with the entries of its managed lists.
 * @throws CliError if the entries of a list are not given: to decide without them would show something else than the app
 */
export function withGivenLists(policy: Policy, { lists }: GivenLists, otherwise = ''): Policy {
  const missing = policy.managedLists.map(({ name }) => name).filter((name) => !lists.has(name));
  if (missing.length > 0) {
    const names = missing.map((name) => `\`${name}\``).join(', ');
    throw new CliError(
      `the policy reads ${names}, whose entries are in Azure: pass them with --lists <file>, as \`postern lists --entries\` writes it${otherwise}`,
    );
  }
  if (policy.managedLists.length === 0) return policy;
  return {
    ...policy,
    leavesOpen: (facts, now) => policy.leavesOpen(facts, now, lists),
    decide: (facts, now) => policy.decide(facts, now, lists),
  };
}
