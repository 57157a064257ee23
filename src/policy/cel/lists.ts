import type { Environment } from '@marcbachmann/cel-js';
import { foldText } from '../../connections/fold-text';
import { loweredList } from './fold-case';

export type PolicyLists = ReadonlyMap<string, readonly string[] | readonly number[]>;

/** What `lists` is: of a class of its own, so that CEL knows its type. */
class ListsView extends Map<string, readonly unknown[]> {}

/** The texts behind an `in`, where they are known when the policy loads. */
export class TextSet {
  constructor(private readonly texts: ReadonlySet<string>) {}

  has(text: string): boolean {
    return this.texts.has(text);
  }
}

/** Declares `lists` and the ways to look into lists of texts. The lists of texts, by name, as sets. */
export function registerLists(cel: Environment, lists: PolicyLists): ReadonlyMap<string, TextSet> {
  const values = new ListsView();
  const fields: Record<string, string> = {};
  const sets = new Map<string, TextSet>();
  const members = new WeakMap<object, TextSet>();
  const addTexts = (name: string, texts: readonly string[]): void => {
    const set = new TextSet(new Set(texts));
    fields[name] = 'list<string>';
    values.set(name, texts);
    sets.set(name, set);
    members.set(texts, set);
  };
  for (const [name, entries] of lists) {
    if (entries.every((entry) => typeof entry === 'string')) {
      addTexts(name, [...entries]);
      addTexts(loweredList(name), entries.map(foldText));
    } else {
      const whole = entries.every((entry) => Number.isSafeInteger(entry));
      fields[name] = whole ? 'list<int>' : 'list<double>';
      values.set(name, whole ? entries.map(BigInt) : entries.map(Number));
    }
  }
  cel
    .registerType('Lists', { ctor: ListsView, fields })
    .registerConstant('lists', 'Lists', values)
    .registerType('TextSet', TextSet)
    .registerOperator('string in TextSet: bool', (text: string, set: TextSet) => set.has(text))
    .registerOperator(
      'string in list<string>: bool',
      (text: string, list: readonly string[]) => members.get(list)?.has(text) ?? list.includes(text),
    );
  return sets;
}
