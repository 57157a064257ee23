import { parseDocument } from 'yaml';
import type { PolicyFile } from '../../policy/policy';

/** Error for a list that the policy does not have. */
export class ListError extends Error {
  constructor(readonly list: string) {
    super(`the policy has no list \`${list.slice(0, 64)}\`: use the name of a list in the policy`);
  }
}

type Entries = readonly string[] | readonly number[];

/**
 * Replaces the entries of some lists of a policy, for tests.
 * @throws ListError if the policy has no such list
 */
export function withLists(
  files: readonly PolicyFile[],
  lists: Readonly<Record<string, Entries>>,
): readonly PolicyFile[] {
  const names = Object.keys(lists);
  if (names.length === 0) return files;
  const documents = files.map(({ path, text }) => ({ path, document: parseDocument(text) }));
  for (const name of names) {
    const holder = documents.find(({ document }) => document.hasIn(['lists', name]));
    if (holder === undefined) throw new ListError(name);
    holder.document.setIn(['lists', name], holder.document.createNode([...(lists[name] ?? [])]));
  }
  return documents.map(({ path, document }) => ({ path, text: document.toString() }));
}
