// Words that only the project's authors understand. docs/writing.md has what to write instead.

/** Each pattern with what it stands for in docs/writing.md. The plain sense of a word, as in "look up" or "Front Door", is allowed. */
const patterns = [
  [/\bmend(?:s|ed|ing)?\b/i, 'mend'],
  [/\bsightings?\b/i, 'sighting'],
  [/\bwoken\b|\bputs? back\b/i, 'put back, woken'],
  [/\bin hand\b|\buntold\b/i, 'in hand, untold'],
  [/\bpatience\b|\btroubled?s?\b/i, 'trouble, patience'],
  [/(?<!\bFront )\bdoors?\b/i, 'door'],
  [/\b(?:tells?|told|telling) of\b|\b(?:is|are|was|were|be|been|not|never) told\b/i, 'tell, told of'],
  [/\bnobody's\b|\bnobody’s\b/i, "nobody's, none (for people)"],
  [/\bstands? (?:in for|there)\b/i, 'stands in, stands there'],
  [/\b(?:mortal|lifelines?|conjuncts?|guilt|guilty)\b/i, 'private word'],
];

/** Returns each private word in plain text, with the row of docs/writing.md that says what to write. */
export function privateWordsIn(text) {
  return patterns.flatMap(([pattern, row]) => {
    const [found] = pattern.exec(text) ?? [];
    return found === undefined ? [] : [`${found} (${row})`];
  });
}
