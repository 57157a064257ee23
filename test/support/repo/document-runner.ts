import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { diskOutputFiles } from '../../../src/cli/disk-output-files';
import { openDiskAnnouncements } from '../../../src/cli/expect/disk-announcements';
import { createNodeHost } from '../../../src/cli/node-host';
import { runCli } from '../../../src/cli/run-cli';
import { fencedBlocks, type MarkdownFile } from './markdown';
import { projectRoot } from './project';

const notAsked = (): never => {
  throw new Error('A document that is run must not need Azure');
};

/** Runs a tool in the working directory. Returns its exit code, and all that it prints. */
export async function runTool(
  args: readonly string[],
): Promise<{ readonly code: number; readonly output: string }> {
  const both = new PassThrough();
  const host = createNodeHost({
    stdout: both,
    stderr: both,
    live: notAsked,
    livePolicy: notAsked,
    deployment: notAsked,
    doctorSources: notAsked,
    withOwnTypes: notAsked,
    announcements: openDiskAnnouncements,
    outputFiles: diskOutputFiles,
    typeInfos: notAsked,
    watch: notAsked,
    report: { ledger: () => undefined, page: async () => '' },
  });
  const code = await runCli([...args], host);
  return { code, output: String(both.read() ?? '') };
}

/** A command of a `console` block, with the output that the document shows and that it has. */
export interface ShownRun {
  readonly command: string;
  readonly shown: string;
  readonly output: string;
  readonly code: number;
}

/**
 * Follows a document as its reader does, in a new folder that has the examples: saves each YAML block whose first line
 * names a file, and runs each `postern` command of the `console` blocks.
 */
export async function follow(file: MarkdownFile): Promise<ShownRun[]> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-docs-'));
  cpSync(join(projectRoot, 'docs/examples'), join(folder, 'docs/examples'), { recursive: true });
  const here = process.cwd();
  process.chdir(folder);
  try {
    const runs: ShownRun[] = [];
    for (const block of fencedBlocks(file)) {
      if (block.language === 'yaml') save(block.text);
      if (block.language === 'console') runs.push(...(await runsIn(block.text)));
    }
    return runs;
  } finally {
    process.chdir(here);
    rmSync(folder, { recursive: true, force: true });
  }
}

function save(text: string): void {
  const [, isAddition, path] = /^# (add to )?(\S+\.yaml)\n/.exec(text) ?? [];
  if (path === undefined) return;
  mkdirSync(dirname(path), { recursive: true });
  const body = text.slice(text.indexOf('\n') + 1);
  writeFileSync(
    path,
    isAddition === undefined
      ? body
      : `${readFileSync(path, 'utf8')}${body.startsWith('\n') ? '' : '\n'}${body}`,
  );
}

async function runsIn(text: string): Promise<ShownRun[]> {
  const runs: ShownRun[] = [];
  for (const part of text.split(/^\$ /m).slice(1)) {
    const [command = ''] = part.split('\n');
    const [, args] = /^npx postern (.*)$/.exec(command) ?? [];
    if (args === undefined) continue;
    runs.push({ command, shown: part.slice(command.length + 1), ...(await runTool(args.split(' '))) });
  }
  return runs;
}
