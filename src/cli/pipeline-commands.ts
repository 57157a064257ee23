/**
 * Characters that a culture-sensitive comparison ignores, which .NET (and so a pipeline runner)
 * uses by default. Found by trying every code point.
 */
const weightless =
  '\\p{Default_Ignorable_Code_Point}\\p{Cc}\\p{M}\\u{640}\\u{7fa}\\u{180a}\\u{1cd3}\\u{fe73}';
const nothing = `[${weightless}]*`;
/** Matches `##vso[`, `##[` and the like (`##teamcity[`, `##octopus[`) anywhere in a line, in any case. */
const prefix = new RegExp(`#(?=${nothing}#${nothing}(?:[a-z]${nothing})*\\[)`, 'giu');
/** Matches `::` at the beginning of a line, with or without blanks before it. */
const atBeginning = new RegExp(`^([\\s${weightless}]*):(?=${nothing}:)`, 'u');

/**
 * Escapes the commands of pipeline runners in one line of text: the first character of a command is
 * replaced by its code, as in `\u{23}#vso[`. Azure Pipelines looks for `##vso[` and `##[` anywhere
 * in a line, GitHub's runner for `##[` anywhere and for `::` at the beginning.
 */
export function withoutCommands(line: string): string {
  return line.replace(prefix, '\\u{23}').replace(atBeginning, '$1\\u{3a}');
}

/**
 * Escapes the commands of pipeline runners in JSON text. The value stays the same, because commands
 * can occur only in strings.
 */
export function jsonWithoutCommands(json: string): string {
  return json.replace(prefix, '\\u0023');
}
