import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { cases, type EngineName, measure, type Measurement } from './measure';
import { rules } from './rules';

const engines: readonly EngineName[] = ['postern', 'cedar', 'json-rules'];
const usage = 'usage: node policy.mjs [--json <file>]';

/**
 * Measures each engine in its own process, one after the other, so that no engine's memory affects
 * another.
 */
async function compare(jsonFile: string | undefined): Promise<number> {
  const results: Measurement[] = [];
  for (const engine of engines) {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--expose-gc',
      process.argv[1]!,
      '--engine',
      engine,
    ]);
    results.push(JSON.parse(stdout) as Measurement);
  }
  const agree = new Set(results.map(({ digest }) => digest)).size === 1;
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`;
  const report = { machine, rules: rules.length, connections: cases, agree, results };
  process.stdout.write(`${tableOf(report)}\n`);
  if (jsonFile !== undefined) {
    await mkdir(path.dirname(jsonFile), { recursive: true });
    await writeFile(jsonFile, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  return agree ? 0 : 1;
}

interface Report {
  readonly machine: string;
  readonly rules: number;
  readonly connections: number;
  readonly agree: boolean;
  readonly results: readonly Measurement[];
}

function tableOf({ machine, rules: ruleCount, connections, agree, results }: Report): string {
  // By processor time, because other programs on the machine affect it least.
  const cedar = results.find(({ engine }) => engine === 'cedar')?.perProcessorSecond ?? NaN;
  const rows = results.map(({ engine, best, median, perProcessorSecond, load, heap, resident }) => [
    engine,
    whole(median),
    whole(best),
    whole(perProcessorSecond),
    `${(perProcessorSecond / cedar).toFixed(1)} ×`,
    whole(load),
    heap.toFixed(1),
    resident.toFixed(1),
  ]);
  const head = [
    'engine',
    'decisions/s (median)',
    'best',
    'per CPU second',
    'to Cedar',
    'load ms',
    'heap MiB',
    'resident MiB',
  ];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const about = `${machine}; ${ruleCount} rules, ${connections} connections; ${agree ? 'all engines gave the same answers' : 'THE ENGINES DISAGREE'}`;
  return [about, '', ...lines].join('\n');
}

function whole(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

async function main([option, value, ...rest]: readonly string[]): Promise<number> {
  const engine = engines.find((name) => name === value);
  if (option === '--engine' && engine !== undefined) {
    process.stdout.write(JSON.stringify(await measure(engine)));
    return 0;
  }
  if (rest.length === 0 && option === undefined) return compare(undefined);
  if (rest.length === 0 && option === '--json' && value !== undefined) return compare(value);
  process.stderr.write(`${usage}\n`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
