import type { AzCommand } from '../../../scripts/docs/az-commands.mjs';
import { readText } from './infra';

interface AzHelp {
  /** The options of every command. */
  readonly everywhere: readonly string[];
  readonly topics: readonly string[];
  readonly commands: Readonly<
    Record<string, { readonly options: readonly string[]; readonly required: readonly (readonly string[])[] }>
  >;
}

/** What Microsoft's reference says of the Azure CLI's commands: written by scripts/az-help.mjs. */
const help = JSON.parse(readText('test/data/az-help.json')) as AzHelp;

/** Is true if a command of the Azure CLI can begin with this word. */
export function isTopic(word: string): boolean {
  return help.topics.includes(word);
}

/** Returns what the reference says against a command: it or an option is unknown, or a needed option is missing. */
export function azProblems({ words, options }: AzCommand): string[] {
  const names = words.map((_, index) => words.slice(0, words.length - index).join(' '));
  const name = names.find((one) => one in help.commands);
  if (name === undefined) {
    const isGroup = Object.keys(help.commands).some((one) => one.startsWith(`${words.join(' ')} `));
    const isNamedOnly = isGroup && options.length === 0;
    return isNamedOnly
      ? []
      : [`az ${words.join(' ')} is not in test/data/az-help.json: run scripts/az-help.mjs`];
  }
  const { options: known, required } = help.commands[name]!;
  const unknown = options.filter((one) => !known.includes(one) && !help.everywhere.includes(one));
  // A command that is only named has no options.
  const missing =
    options.length === 0 ? [] : required.filter((forms) => !forms.some((form) => options.includes(form)));
  return [
    ...unknown.map((one) => `az ${name} has no option ${one}`),
    ...missing.map((forms) => `az ${name} needs ${forms.join(' or ')}`),
  ];
}
