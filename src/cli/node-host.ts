import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { systemClock } from '../base/clock';
import { fileProblem } from '../policy/source/file-problem';
import { textFromBytes, textFromChunks, UnreadableText } from '../base/text-bytes';
import { policyLimits } from '../policy/file/policy-limits';
import type { PolicyFile } from '../policy/policy';
import { createDiskPolicyReader } from '../policy/source/disk-policy-reader';
import type { PolicyReader } from '../policy/source/policy-reader';
import { CliError } from './cli-host';
import { isUrl } from './load-policy';
import type { ToolHost, ToolPorts } from './run-cli';

const casesPattern = /\.(?:cases|tests)\.ya?ml$/i;

/** The ports that connect to Azure. */
export interface NodePorts extends ToolPorts {
  /** Creates a reader for a policy at an https URL. */
  readonly livePolicy: (url: string) => PolicyReader;
}

/** Options of the host: its streams, and the ports that connect to Azure. */
export interface NodeHostOptions extends NodePorts {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** The standard input; absent: `-` is no input. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
}

/** Creates the host on the machine that runs the tools. Connects to Azure only when a tool needs it. */
export function createNodeHost(options: NodeHostOptions): ToolHost {
  return {
    clock: systemClock,
    write: (text) => write(options.stdout, text),
    writeError: (text) => write(options.stderr, text),
    readPolicy: async (path) =>
      (isUrl(path) ? options.livePolicy(path) : createDiskPolicyReader(path)).read(),
    readCases: async (path) => Promise.all((await casePaths(path)).map(readWhole)),
    readText: async (path) => (await readWhole(path)).text,
    readLines: (path) => linesOf(path === '-' ? inputOf(options.stdin) : chunksOf(path)),
    ...(options.stderr.isTTY === true
      ? { showProgress: (line: string) => write(options.stderr, `\r${line}\u{1b}[K`) }
      : {}),
    live: () => options.live(),
    deployment: () => options.deployment(),
    ...(options.records === undefined ? {} : { records: options.records }),
    ...(options.policyPath === undefined ? {} : { policyPath: options.policyPath }),
    doctorSources: (settings) => options.doctorSources(settings),
    withOwnTypes: (settings) => options.withOwnTypes(settings),
    announcements: (path) => options.announcements(path),
    outputFiles: options.outputFiles,
    typeInfos: () => options.typeInfos(),
    watch: (watched) => options.watch(watched),
    report: options.report,
  };
}

function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

async function casePaths(path: string): Promise<readonly string[]> {
  if (isUrl(path))
    throw new CliError('test cases are read from disk only: pass their path with --cases <path>');
  try {
    if ((await stat(path)).isDirectory()) {
      const names = await readdir(path, { recursive: true });
      return names
        .filter((name) => casesPattern.test(name))
        .sort()
        .map((name) => join(path, name));
    }
    if (casesPattern.test(path)) return [path];
    const stem = basename(path, extname(path)).toLowerCase();
    const siblings = await readdir(dirname(path));
    return siblings
      .filter((name) => casesPattern.test(name) && name.replace(casesPattern, '').toLowerCase() === stem)
      .sort()
      .map((name) => join(dirname(path), name));
  } catch (error) {
    throw new CliError(`cannot read the test cases at ${path}: ${fileProblem(error)}`);
  }
}

async function readWhole(path: string): Promise<PolicyFile> {
  try {
    if ((await stat(path)).size > policyLimits.fileBytes)
      throw new CliError(`${path} is larger than ${policyLimits.fileBytes / 1024} KiB`);
    return { path, text: textFromBytes(await readFile(path)) };
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function* chunksOf(path: string): AsyncGenerator<string> {
  try {
    yield* textFromChunks(createReadStream(path));
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function* inputOf(stdin: NodeHostOptions['stdin']): AsyncGenerator<string> {
  if (stdin === undefined) throw new CliError('there is no standard input to read');
  try {
    yield* textFromChunks(bytesOf(stdin));
  } catch (error) {
    throw unreadable('the standard input', error);
  }
}

async function* bytesOf(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

function unreadable(path: string, error: unknown): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof UnreadableText) return new CliError(`${path} ${error.message}`);
  return new CliError(`cannot read ${path}: ${fileProblem(error)}`);
}

/**
 * Maximum length of a line, in characters; longer lines are cut, so that a file without line ends
 * does not fill the memory.
 */
export const longestLine = 1024 * 1024;

/** Splits chunks of text into lines without their ends. Keeps one line and one chunk in memory. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of chunks) {
    const parts = chunk.split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      yield trimmed(held + part);
      held = '';
    }
    if (held.length < longestLine) held = (held + last).slice(0, longestLine);
  }
  if (held !== '') yield trimmed(held);
}

function trimmed(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
