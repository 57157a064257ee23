import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { azProblems } from './az-help';

/** The Azure CLI's answer to one command. `stderr` makes it a failure. */
export interface AzAnswer {
  readonly stdout?: string;
  readonly stderr?: string;
}

export interface StubAz {
  /** The value for `PATH`. */
  readonly path: string;
  /**
   * Returns the commands that were run, oldest first.
   * @throws Error if one is not what the reference of the Azure CLI says
   */
  calls(): readonly (readonly string[])[];
  /** Removes the stub. @throws Error as `calls` does */
  remove(): void;
}

const program = `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const answers = JSON.parse(readFileSync(join(__dirname, 'answers.json'), 'utf8'));
const log = join(__dirname, 'calls');
const args = process.argv.slice(2);
appendFileSync(log, JSON.stringify(args) + '\\n');
const matching = (line, key) => JSON.parse(line).join(' ').includes(key);
const key = Object.keys(answers).find((one) => args.join(' ').includes(one));
if (key === undefined) { console.error('ERROR: the stub knows no ' + args.join(' ')); process.exit(9); }
const times = readFileSync(log, 'utf8').trim().split('\\n').filter((line) => matching(line, key)).length;
const { stdout = '', stderr } = answers[key][Math.min(times, answers[key].length) - 1];
process.stdout.write(stdout);
if (stderr !== undefined) { process.stderr.write(stderr); process.exit(1); }
`;

/**
 * Creates a stub of the Azure CLI. Each part of a command line has a list of answers, of which the last one
 * repeats. The first part that a command contains is used.
 */
export function createStubAz(answers: Readonly<Record<string, readonly AzAnswer[]>>): StubAz {
  const folder = mkdtempSync(join(tmpdir(), 'stub-az-'));
  writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
  writeFileSync(join(folder, 'calls'), '');
  writeFileSync(join(folder, 'az'), program);
  chmodSync(join(folder, 'az'), 0o755);
  const calls = (): (readonly string[])[] =>
    readFileSync(join(folder, 'calls'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => checked(JSON.parse(line) as string[]));
  return {
    path: `${folder}${delimiter}/usr/bin${delimiter}/bin`,
    calls,
    remove: () => {
      try {
        calls();
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

function checked(args: readonly string[]): readonly string[] {
  const end = args.findIndex((arg) => arg.startsWith('-'));
  const words = end === -1 ? args : args.slice(0, end);
  const problems = azProblems({ words, options: args.filter((arg) => /^--?[a-z]/i.test(arg)) });
  if (problems.length > 0) throw new Error(problems.join('; '));
  return args;
}
