// How a doc comment begins: with a verb in the third person, with the name of the thing, or with neither.

const wordsOf = (...lines) => new Set(lines.flatMap((line) => line.split(' ')));

/** No verb in the third person ends like "less", "this", "status", "as", "operations" or "readings", but for these. */
const oddVerbs = wordsOf('brings has is mentions partitions positions');
const otherWords = wordsOf(
  'afterwards always besides hers its ours perhaps sometimes theirs towards whereas yes yours',
);
/** Plural nouns that begin, or once began, comments of this project. */
const nouns = wordsOf(
  'arguments blobs bodies bytes callbacks characters clients clocks cloudevents clouds columns contents contractors',
  'days deployments details docs effects endpoints entries environments errors events facts faults fields figures',
  'files finders handlers headers hints hours identities ids items keys kinds letters licenses lines literals',
  'markers messages milliseconds minutes modules others packages pages pairs parts paths patterns pieces policies',
  'ports problems properties providers removals requesters resources responses roles rows rules scenarios scopes',
  'seconds sizes statuses targets templates texts tickets times tokens topics urls values variables vaults ways',
  'words',
);

/** Is true for a verb like "Reads", but not for "Read", "This", "Always" or "Words". */
export function isThirdPersonVerb(word) {
  const lower = word.toLowerCase();
  if (oddVerbs.has(lower)) return true;
  const hasEnding = /^[a-z][a-z-]*s$/.test(lower) && !/(?:[isu]s|as|ings|ions)$/.test(lower);
  return hasEnding && !otherWords.has(lower) && !nouns.has(lower);
}

/** Returns the text of a doc comment without its stars; undefined for any other comment. */
export function docText(comment) {
  const body = /^\/\*\*([\s\S]*)\*\/$/.exec(comment)?.[1];
  return body?.replace(/^[ \t]*\*/gm, '').trim();
}

/** Returns the first word of a doc comment; the empty string for a comment without words. */
export function firstWord(text) {
  return /[\p{L}\p{N}@][\p{L}\p{N}'’-]*/u.exec(text)?.[0] ?? '';
}

/** Returns how the doc comment of the function `name` begins: with a `verb`, with the `thing`, or with `neither`. */
export function beginning(text, name) {
  const word = firstWord(text);
  if (isThirdPersonVerb(word)) return 'verb';
  const isThing = nouns.has(word.toLowerCase()) || /^(?:an?|the|\w+(?:ings|ions))$/i.test(word);
  return isThing || word === name ? 'thing' : 'neither';
}
