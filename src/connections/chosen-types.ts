import { profileOf, recordedTypes, type TargetType, targetTypes, typesNamed } from './target-type';

/** The words of TARGET_TYPES: types, services, `recorded` or `all`. */
export type TypeChoice = readonly string[];

/** The choice if nothing is set: the types of which real traffic shows the writes. */
export const defaultChoice: TypeChoice = ['recorded'];

/** Returns the types that the words name, each once, in the order of the table. */
export function chosenTypes(choice: TypeChoice): readonly TargetType[] {
  const named = new Set(choice.flatMap(typesOf));
  return targetTypes().filter((type) => named.has(type));
}

/** Lists the words that name no type, counted from 1. */
export function unknownWords(choice: TypeChoice): readonly number[] {
  return choice.flatMap((word, index) => (typesOf(word).length === 0 ? [index + 1] : []));
}

/** Tells whether Resource Graph is likely to show the connections to a type; the others must be listed. */
export function isInGraph(type: TargetType): boolean {
  return profileOf(type).inResourceGraph;
}

function typesOf(word: string): readonly TargetType[] {
  switch (word.toLowerCase()) {
    case 'all':
      return targetTypes();
    case 'recorded':
      return recordedTypes();
    default:
      return typesNamed(word);
  }
}
