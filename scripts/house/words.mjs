import ts from 'typescript';
import { commentLines, walk } from './syntax.mjs';

/** Private words that plain ones replace, each with its other forms. */
const words = `
  tell|tells|telling|told untold mend|mends|mended|mending sighting|sightings door|doors look|looks|looked|looking
  trouble|troubles|troubled patience|patient woken in_hand conjunct|conjuncts harmless put_back|puts_back
  meet|meets|meeting|met sight|sights brain|brains crowd|crowds wish|wishes|wished guilt|guilty mortal lifeline|lifelines`
  .trim()
  .split(/\s+/)
  .map((forms) => forms.replaceAll('_', ' '));

/** Counts each word in identifiers, in comments, in the messages of src and functions, and in the docs. */
export function countWords(sources, docs) {
  const shown = sources.filter(({ top }) => top === 'src' || top === 'functions');
  const texts = {
    identifiers: sources.flatMap(({ tree }) => textsOf(tree, ts.isIdentifier).map(splitName)),
    comments: sources.flatMap(({ text }) => commentLines(text)),
    messages: shown.flatMap(({ tree }) => textsOf(tree, isMessage)),
    docs,
  };
  const columns = Object.entries(texts).map(([name, all]) => [name, all.join('\n').toLowerCase()]);
  const countsOf = (forms) => {
    const pattern = new RegExp(`\\b(?:${forms})\\b`, 'g');
    return Object.fromEntries(columns.map(([name, text]) => [name, text.match(pattern)?.length ?? 0]));
  };
  return Object.fromEntries(words.map((forms) => [forms.split('|')[0], countsOf(forms)]));
}

function textsOf(tree, isWanted) {
  const texts = [];
  walk(tree, (node) => isWanted(node) && texts.push(node.text));
  return texts;
}

/** Turns `putBackAll` into "put Back All". */
function splitName(name) {
  return name.replace(/([a-z\d])([A-Z])|_/g, '$1 $2');
}

/** Is true for literal text that has more than one word. */
function isMessage(node) {
  const isText =
    ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
  return isText && node.text.includes(' ');
}
