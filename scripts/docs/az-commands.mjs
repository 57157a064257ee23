// Finds the commands of the Azure CLI in shell text: docs, workflows, messages.

/** Words of a command or of prose: only lower-case words can be parts of a command's name. */
const commandWord = /^[a-z][a-z0-9-]*$/;

/**
 * Returns each command with its words after `az` up to the first option, and its options.
 * @param text shell text; a line that ends with a backslash goes on in the next
 */
export function azCommandsIn(text) {
  const joined = text.replaceAll(/\\\n\s*/g, ' ');
  return [...joined.matchAll(/(?<![\w/.:$-])az (?=[a-z])/g)].flatMap(({ index }) => {
    const all = tokensOf(joined.slice(index + 3));
    // In a sentence, a stop or a comma ends the command.
    const last = all.findIndex((token) => /\w[.,:?!]+$/.test(token));
    const tokens = (last === -1 ? all : all.slice(0, last + 1)).map((token) =>
      token.replace(/(?<=\w)[.,:?!]+$/, ''),
    );
    const end = tokens.findIndex((token) => !commandWord.test(token));
    const words = end === -1 ? tokens : tokens.slice(0, end);
    const options = tokens.filter((token) => /^--?[a-z]/i.test(token)).map((token) => token.split('=')[0]);
    return [{ words, options }];
  });
}

/** Returns the words of one simple command: to the end of the line, or what ends a command outside quotes. */
function tokensOf(text) {
  const tokens = [];
  let token = '';
  let quote;
  let depth = 0;
  for (const character of text) {
    if (quote !== undefined) {
      if (character === '(') depth += 1;
      if (character === ')') depth -= 1;
      if (character === quote && depth <= 0) quote = undefined;
      else token += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      depth = 0;
      token += '\u0000';
    } else if (/[|;&<>)`\n#]/.test(character)) {
      break;
    } else if (/\s/.test(character)) {
      if (token !== '') tokens.push(token);
      token = '';
    } else token += character;
  }
  if (token !== '') tokens.push(token);
  return tokens;
}

/** Returns the text literals of code, each on a line of its own: a command ends with its literal. */
export function literalsIn(code) {
  const literals = code.match(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g) ?? [];
  return literals.map((literal) => literal.slice(1, -1)).join('\n');
}
