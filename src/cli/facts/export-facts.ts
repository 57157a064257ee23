import { parseArgs } from 'node:util';
import type { Command } from '../cli-host';
import { subscriptionsFrom } from '../option-values';
import { counted, printErrorLines, safeJson } from '../output';
import { exportedFacts } from './facts-input';
import { findFacts } from './read-live-facts';

export const exportFacts: Command = {
  summary: 'write the facts of every connection of a tenant as JSON lines, for simulate',
  help: `Usage: postern export [options] > connections.jsonl

Reads every connection that Postern could answer and writes its facts to the standard output, one JSON object a line.
Nothing is written to Azure. \`connection.firstSeen\` is not among them: Azure does not know it (see simulate --age).

Options:
  --subscriptions <ids>  the targets' subscriptions, separated by commas. Default: all that can be read
  --brief                without the facts that cost a call each: tags, locations, kinds, networks
  --json                 for machines (it always is)
  --help                 this text

Exit code: 0 when everything was read, 1 when something could not be, 2 for wrong usage or when Azure does not answer.`,

  async run(args, host) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        subscriptions: { type: 'string' },
        brief: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
    const full = values.brief !== true;
    const options = { firstSeen: host.clock.now(), reads: { target: full, endpoint: full } };
    const counts = { written: 0, unread: 0 };
    for await (const item of findFacts(host.live(), subscriptionsFrom(values.subscriptions), options)) {
      if (item.kind === 'unread') {
        counts.unread += 1;
        await printErrorLines(host, [`not read: ${item.id}: ${item.problem}`]);
        continue;
      }
      counts.written += 1;
      await host.write(`${safeJson(exportedFacts(item.facts), 0)}\n`);
    }
    const { written, unread } = counts;
    await printErrorLines(host, [`${counted(written, 'connection')} written, ${unread} not read`]);
    return unread === 0 ? 0 : 1;
  },
};
