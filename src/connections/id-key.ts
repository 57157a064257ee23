import { lower } from '../base/ascii-case';
import { lowerPairs } from './fold-text';

/**
 * What stands for an ARM id wherever ids are compared, because ARM compares them without case. Only A to Z are lowered:
 * full lower-casing would give different connections one key (`pe-K` with the Kelvin sign and `pe-k`). In the name of a
 * resource group, the one place where ARM itself has one thing for both spellings of any letter, others are lowered too,
 * each to its one partner. What has one key is one text to conditions, too (`foldText`). Of a text that is no id: the
 * text, A to Z lowered. Never throws, and keeps the length.
 */
export function idKey(id: string): string {
  const segments = id.split('/');
  const [, , , groups, group] = segments;
  if (group !== undefined && lower(groups ?? '') === 'resourcegroups') segments[4] = lowerPairs(group);
  return lower(segments.join('/'));
}
