import { Document } from 'yaml';
import type { SuggestedCase } from './make-cases';

/** Prints test cases as the file that `postern test` reads. */
export function casesText(cases: readonly SuggestedCase[]): string {
  const document = new Document(
    { cases: cases.map(({ name, effect, rule, facts }) => ({ name, effect, rule, facts })) },
    { aliasDuplicateObjects: false },
  );
  document.commentBefore = [
    ' Real connections, and attacks on each rule, made by `postern suggest`. Run them with `postern test`. Names say what',
    ' people did with the connection.',
  ].join('\n');
  return document.toString({ lineWidth: 0 });
}
