import { everyRead, noReads } from '../../policy/cel/costly-reads';
import type { Command, ToolOptions } from '../cli-host';
import { subscriptionsFrom } from '../option-values';
import { counted, printErrorLines, safeJson } from '../output';
import { exportedFacts } from './facts-input';
import { type AzureHost, findFacts } from './read-live-facts';
import { withProgress } from './progress';
import { readOptions } from '../tool-options';

const options = {
  subscriptions: { type: 'string' },
  brief: { type: 'boolean' },
  json: { type: 'boolean' },
} as const satisfies ToolOptions;

/** The tool `postern export`: writes the facts of all connections as JSON lines. */
export const exportFacts: Command<AzureHost> = {
  summary: 'write the facts of every connection in a tenant as JSON lines, for simulate',
  options,
  help: `Usage: postern export [options] > connections.jsonl

Reads every connection that Postern can answer and writes its facts to the standard output, one JSON object per line.
Writes nothing to Azure. \`connection.firstSeen\` is not included, because Azure does not know it (see simulate --age).

Options:
  --subscriptions <ids>  subscriptions of the targets, separated by commas. Default: all that you can read
  --brief                leave out the facts that need an extra call each: tags, locations, kinds, networks
  --json                 JSON output (the default, and the only format)
  --help                 show this help

Exit code: 0 if everything was read, 1 if something could not be read, 2 for wrong usage or if Azure does not answer.`,

  async run(args, host) {
    const { values } = readOptions(args, options);
    const full = values.brief !== true;
    const reading = {
      firstSeen: host.clock.now(),
      reads: full ? { ...everyRead, expected: false } : noReads,
    };
    const counts = { written: 0, readFailed: 0 };
    const found = findFacts(host.live(), subscriptionsFrom(values.subscriptions), reading);
    for await (const item of withProgress(host, found)) {
      if (item.kind === 'readFailed') {
        counts.readFailed += 1;
        await printErrorLines(host, [`could not read ${item.id}: ${item.problem}`]);
        continue;
      }
      counts.written += 1;
      await host.write(`${safeJson(exportedFacts(item.facts), 0)}\n`);
    }
    const { written, readFailed } = counts;
    await printErrorLines(host, [
      `${counted(written, 'connection')} written, ${readFailed} could not be read`,
    ]);
    return readFailed === 0 ? 0 : 1;
  },
};
