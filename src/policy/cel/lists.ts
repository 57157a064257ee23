import type { Environment } from '@marcbachmann/cel-js';
import { foldText } from '../../connections/fold-text';
import type { UsableLists } from '../lists/list-snapshot';
import { loweredList } from './fold-case';

/** The lists of a policy by name. */
export type PolicyLists = ReadonlyMap<string, readonly string[] | readonly number[]>;

/** The value of `lists`. It has its own class because CEL determines types of objects by class. */
class ListsView extends Map<string, readonly unknown[]> {}

/**
 * Returns the value of `lists` for one decision: the lists that the policy states, and of those that
 * Postern reads from Azure the ones that are given. Reading any other one fails.
 */
export type ViewLists = (usable: UsableLists) => unknown;

/**
 * Declares `lists`, with each list of texts both as written and in lower case. `in` takes one step
 * whatever the length of a list is, as `worstCost` assumes. `managed` are the names of the lists
 * that are given with each decision: with any of them, `lists` is a variable.
 */
export function registerLists(cel: Environment, lists: PolicyLists, managed: readonly string[]): ViewLists {
  const values = new ListsView();
  const fields: Record<string, string> = {};
  const members = new WeakMap<object, ReadonlySet<unknown>>();
  const add = (view: ListsView, name: string, entries: readonly unknown[]): void => {
    view.set(name, entries);
    if (!members.has(entries)) members.set(entries, new Set(entries));
  };
  for (const [name, entries] of lists) {
    if (entries.every((entry) => typeof entry === 'string')) {
      fields[name] = fields[loweredList(name)] = 'list<string>';
      add(values, name, [...entries]);
      add(values, loweredList(name), entries.map(foldText));
    } else {
      const whole = entries.every((entry) => Number.isSafeInteger(entry));
      fields[name] = whole ? 'list<int>' : 'list<double>';
      add(values, name, whole ? entries.map(BigInt) : entries.map(Number));
    }
  }
  for (const name of managed) fields[name] = fields[loweredList(name)] = 'list<string>';
  cel
    .registerType('Lists', { ctor: ListsView, fields })
    .registerOperator(
      'string in list<string>: bool',
      (text: string, list: readonly string[]) => members.get(list)?.has(text) ?? list.includes(text),
    );
  if (managed.length === 0) cel.registerConstant('lists', 'Lists', values);
  else cel.registerVariable('lists', 'Lists');
  return (usable) => {
    const view = new ListsView(values);
    for (const name of managed) {
      const entries = usable.get(name)?.entries;
      if (entries === undefined) continue;
      // Ids of subscriptions are in lower case already.
      add(view, name, entries);
      add(view, loweredList(name), entries);
    }
    return view;
  };
}
