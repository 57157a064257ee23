import { openDiskAnnouncements } from '../../../src/cli/expect/disk-announcements';
import { withOwnTypesOf } from '../../../src/cli/live/own-types';
import type { DoctorSources } from '../../../src/cli/doctor/sources';
import { CliError, type ExitCode } from '../../../src/cli/cli-host';
import type { LiveAzure } from '../../../src/cli/facts/read-live-facts';
import type { Deployment } from '../../../src/cli/operators/deployment';
import { readTypeInfos } from '../../../src/cli/live/live-types';
import type { LedgerReader } from '../../../src/cli/report/report-host';
import type { ConnectionRecords } from '../../../src/cli/show/connection-records';
import { runCli, type ToolHost } from '../../../src/cli/run-cli';
import type { OutputFiles } from '../../../src/cli/output-files';
import type { Watch, Watched } from '../../../src/cli/wait/watch';
import type { Environment } from '../../../src/config/config';
import { dataMark } from '../../../src/report/page';
import type { PolicyFile } from '../../../src/policy/policy';
import { FakeClock } from '../fakes/fake-clock';
import { now } from '../samples/policy';

export interface CliRun {
  readonly exitCode: ExitCode;
  /** Lines of standard output, without the last line end. */
  readonly output: readonly string[];
  readonly errors: readonly string[];
}

export interface CliWorld {
  /** Where tools write. Default: `written`. */
  readonly outputFiles?: OutputFiles;
  /** Files that tools write, by path. Default: a test that writes fails. */
  readonly written?: Map<string, string>;
  readonly ledger?: () => LedgerReader;
  /** Files by path, with `/`. */
  readonly files?: Readonly<Record<string, string>>;
  /** Lines of files that are only read line by line. */
  readonly lines?: Readonly<Record<string, () => AsyncIterable<string>>>;
  readonly live?: LiveAzure;
  readonly deployment?: Deployment;
  /** What the deployment keeps; absent: no storage is set. */
  readonly records?: ConnectionRecords;
  /** POLICY_PATH. */
  readonly policyPath?: string;
  /** Returns what doctor reads, for the settings of `--settings`. */
  readonly doctorSources?: (settings: Environment) => DoctorSources;
  /** Returns what `wait` reads. */
  readonly watch?: (watched: Watched) => Watch;
  readonly clock?: FakeClock;
  /** What is shown of the progress; absent: nobody watches. */
  readonly progress?: string[];
  /** Policies in blob storage, by URL. */
  readonly blobs?: Readonly<Record<string, readonly PolicyFile[]>>;
}

/** What stands for the built page of reports. */
const reportPage = `<!doctype html><script type="application/json" id="data">${dataMark}</script>`;

/** Runs a tool over files in memory. Azure is available only if it is given. */
export async function runTool(args: readonly string[], world: CliWorld = {}): Promise<CliRun> {
  const texts = { output: '', errors: '' };
  const exitCode = await runCli(args, hostOf(world, texts));
  return { exitCode, output: linesIn(texts.output), errors: linesIn(texts.errors) };
}

function linesIn(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function hostOf(
  {
    files = {},
    lines = {},
    live,
    deployment,
    doctorSources,
    watch,
    clock,
    blobs = {},
    written,
    progress,
    outputFiles = written === undefined ? noFiles : filesIn(written),
    ledger,
    ...kept
  }: CliWorld,
  texts: { output: string; errors: string },
): ToolHost {
  const under = (path: string) =>
    Object.entries(files)
      .filter(([name]) => name === path || name.startsWith(`${path}/`))
      .map(([name, text]) => ({ path: name === path ? name : name.slice(path.length + 1), text }));
  return {
    clock: clock ?? new FakeClock(now.toISOString()),
    write: async (text) => void (texts.output += text),
    writeError: async (text) => void (texts.errors += text),
    ...(progress === undefined ? {} : { showProgress: async (line: string) => void progress.push(line) }),
    readPolicy: async (path) => blobs[path] ?? under(path),
    readCases: async (path) =>
      Object.entries(files)
        .filter(([name]) => name.endsWith('.cases.yaml') && name.startsWith(path.replace(/\.yaml$/, '')))
        .map(([name, text]) => ({ path: name, text })),
    readText: async (path) => {
      const text = files[path];
      if (text === undefined) throw new CliError(`cannot read ${path}: there is no such file`);
      return text;
    },
    readLines: (path) => lines[path]?.() ?? textLines(files[path] ?? ''),
    live: () => {
      if (live === undefined) throw new Error('this tool must not call Azure');
      return live;
    },
    deployment: () => {
      if (deployment === undefined) throw new Error('this tool must not touch a deployment');
      return deployment;
    },
    records: () => kept.records,
    policyPath: kept.policyPath,
    withOwnTypes: (settings) => withOwnTypesOf(settings, {}),
    doctorSources: (settings) => {
      if (doctorSources === undefined) throw new Error('this tool must not examine a deployment');
      return doctorSources(settings);
    },
    announcements: openDiskAnnouncements,
    outputFiles,
    typeInfos: readTypeInfos,
    report: {
      ledger: () => ledger?.(),
      page: async () => reportPage,
    },
    watch: (watched) => {
      if (watch === undefined) throw new Error('this tool must not wait');
      return watch(watched);
    },
  };
}

function filesIn(written: Map<string, string>): OutputFiles {
  return {
    exists: async (path) => written.has(path),
    write: async (path, pieces) => void written.set(path, [...pieces].join('')),
  };
}

/** Files that a tool must not touch. */
const noFiles: OutputFiles = {
  exists: () => Promise.reject(new Error('this tool must not write files')),
  write: () => Promise.reject(new Error('this tool must not write files')),
};

async function* textLines(text: string): AsyncGenerator<string> {
  yield* text.split('\n');
}
