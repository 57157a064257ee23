import { parseArgs } from 'node:util';
import { UsageError, wholeNumberOf } from '../../lib/cli-options';
import { curlHelp } from '../help/curl-help';
import { toolsHelp } from '../help/tools-help';
import { ask } from './ask';
import { chooseRunning, readRunning, type Running } from './running-file';

/** The usage of the commands for a second terminal. */
export const commandsUsage = `In a second terminal, while it runs (--arm-port N chooses one of several):
  npm start -- ask TARGET [--message TEXT] [--name NAME] [--subscription ID]
                     requests a connection, such as \`npm start -- ask kv-payments\`
  npm start -- tools prints the settings for the tools (postern …), to paste
  npm start -- curl  prints how to request a connection with curl or the Azure CLI`;

const known = {
  'arm-port': { type: 'string' },
  message: { type: 'string' },
  name: { type: 'string' },
  subscription: { type: 'string' },
  help: { type: 'boolean' },
} as const;

type Parsed = ReturnType<typeof parsed>;
type Command = (running: Running, parsed: Parsed) => Promise<string> | string;

const commands: Readonly<Record<string, Command>> = {
  ask: (running, { target, values }) => {
    const { message = 'Hello', name, subscription } = values;
    return ask(running, { target, message, name, subscription });
  },
  tools: toolsHelp,
  curl: curlHelp,
};

/**
 * Runs the command of a second terminal and returns what to print, or `undefined` if the arguments begin with none.
 * @throws UsageError that says what is wrong and how to put it right.
 */
export async function runSecondTerminal(args: readonly string[]): Promise<string | undefined> {
  const [word = ''] = args;
  if (word === '' || word.startsWith('-')) return undefined;
  const command = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (command === undefined) throw new UsageError(`There is no command "${word}".\n\n${commandsUsage}`);
  const input = parsed(word, args.slice(1));
  const port = input.values['arm-port'];
  const armPort = port === undefined ? undefined : wholeNumberOf('--arm-port', port, [1, 65_535]);
  return command(chooseRunning(await readRunning(), armPort), input);
}

function parsed(word: string, args: readonly string[]) {
  const { values, positionals } = parse(args);
  const [target = ''] = positionals;
  const isComplete = positionals.length === (word === 'ask' ? 1 : 0);
  if (values.help === true || !isComplete) throw new UsageError(commandsUsage);
  return { values, target };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${commandsUsage}`);
  }
}
