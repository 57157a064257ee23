/**
 * Characters that count as nothing where a runner compares by the rules of a language, as .NET does by default: tried with
 * every code point there is.
 */
const weightless =
  '\\p{Default_Ignorable_Code_Point}\\p{Cc}\\p{M}\\u{640}\\u{7fa}\\u{180a}\\u{1cd3}\\u{fe73}';
const nothing = `[${weightless}]*`;
/** `##vso[`, `##[` and their like (`##teamcity[`, `##octopus[`), wherever they stand in a line, in any case. */
const prefix = new RegExp(`#(?=${nothing}#${nothing}(?:[a-z]${nothing})*\\[)`, 'giu');
/** `::` at the beginning of a line, behind blanks or not. */
const atBeginning = new RegExp(`^([\\s${weightless}]*):(?=${nothing}:)`, 'u');

/**
 * One line of text in which no runner of pipelines finds a command: the first character of what would be one is spelled
 * out, as `\u{23}#vso[`. Azure Pipelines looks for `##vso[` and `##[` anywhere in a line, GitHub's runner for `##[`
 * anywhere and for `::` at the beginning.
 */
export function withoutCommands(line: string): string {
  return line.replace(prefix, '\\u{23}').replace(atBeginning, '$1\\u{3a}');
}

/** The same for JSON text, whose value stays what it is; outside of its strings there is nothing to break. */
export function jsonWithoutCommands(json: string): string {
  return json.replace(prefix, '\\u0023');
}
