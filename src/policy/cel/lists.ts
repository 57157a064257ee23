import type { Environment } from '@marcbachmann/cel-js';
import { foldText } from '../../connections/fold-text';
import { loweredList } from './fold-case';

/** The lists of a policy by name. */
export type PolicyLists = ReadonlyMap<string, readonly string[] | readonly number[]>;

/** The value of `lists`. It has its own class because CEL determines types of objects by class. */
class ListsView extends Map<string, readonly unknown[]> {}

/**
 * Declares `lists`, with each list of texts both as written and in lower case. `in` takes one step
 * whatever the length of a list is, as `worstCost` assumes.
 */
export function registerLists(cel: Environment, lists: PolicyLists): void {
  const values = new ListsView();
  const fields: Record<string, string> = {};
  const members = new WeakMap<object, ReadonlySet<unknown>>();
  const add = (name: string, type: string, entries: readonly unknown[]): void => {
    fields[name] = type;
    values.set(name, entries);
    members.set(entries, new Set(entries));
  };
  for (const [name, entries] of lists) {
    if (entries.every((entry) => typeof entry === 'string')) {
      add(name, 'list<string>', [...entries]);
      add(loweredList(name), 'list<string>', entries.map(foldText));
    } else {
      const whole = entries.every((entry) => Number.isSafeInteger(entry));
      add(name, whole ? 'list<int>' : 'list<double>', whole ? entries.map(BigInt) : entries.map(Number));
    }
  }
  cel
    .registerType('Lists', { ctor: ListsView, fields })
    .registerConstant('lists', 'Lists', values)
    .registerOperator(
      'string in list<string>: bool',
      (text: string, list: readonly string[]) => members.get(list)?.has(text) ?? list.includes(text),
    );
}
