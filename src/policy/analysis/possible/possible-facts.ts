import { foldText } from '../../../connections/fold-text';
import type { PolicyLists } from '../../cel/environment';
import { type FactRoot, fieldOf } from '../../facts/fact-fields';
import { type RequesterKind, factShape } from '../shapes/fact-shapes';
import {
  anyCount,
  freeText,
  type Item,
  ownersText,
  type TextValue,
  unknown,
  type Value,
} from './possible-value';
import { either, textShape } from '../shapes/text-shape';

/** Returns the possible values of a fact. */
export function factValue(root: FactRoot, name: string, requester: RequesterKind): Value {
  const path = `${root}.${name}`;
  const shape = factShape(path, requester);
  const text: Value =
    shape === undefined ? freeText : { kind: 'text', shape, origins: [], fact: path, whole: true };
  switch (fieldOf(root, name)?.type) {
    case 'string':
      return text;
    case 'list<string>':
      return { kind: 'list', items: [], others: text };
    case 'map<string, string>':
      return { kind: 'tags', tag: tagOf(root, requester) };
    case 'int':
      return anyCount;
    default:
      return unknown;
  }
}

function tagOf(root: FactRoot, requester: RequesterKind): TextValue {
  if (requester === 'anyone' || root === 'endpoint') return freeText;
  // A stranger is no requester of ours: no text is a tag of its subscription.
  return root === 'requester' ? { ...freeText, shape: either() } : ownersText;
}

/** The entries of a list that Postern reads from Azure: subscriptions of our own tenant. */
const ownSubscriptions: Value = {
  kind: 'list',
  items: [],
  others: { kind: 'text', shape: { kind: 'guid', whose: 'own' }, origins: [] },
};

/** Returns the value of a list, entry by entry. The policy states no entries of a managed list. */
export function listValue(list: string, lists: PolicyLists): Value {
  const entries = lists.get(list);
  if (entries === undefined) return ownSubscriptions;
  const items = [...entries].map((entry, index): Item => {
    if (typeof entry === 'number')
      return { value: { kind: 'number', least: entry, most: entry }, certain: true };
    const origins = [{ kind: 'entry', list, index } as const];
    return {
      value: { kind: 'text', shape: textShape(foldText(entry)), literal: entry, origins },
      certain: true,
    };
  });
  return { kind: 'list', items };
}
