import '../../functions/register';
import { parseOptions, runCommand, wholeNumberOf } from '../lib/cli-options';
import { settleEstate } from './settle';
import { summaryOf, tableOf } from './table';

const usage = `npm run estate -- [options]
Plants one target of every type in the local Azure, each with one Pending connection, and lets the whole app answer
them in virtual time. Prints a table, then a line of JSON. Exit code 0: all are as the policy wants; 1: one is not.
  --turn N    0, 1 or 2: which types are approved, rejected and held; default: all three, one after another
  --hours N   the longest virtual time; default: 6
  --json      prints only the line of JSON`;

await runCommand(async () => {
  const known = { turn: { type: 'string' }, hours: { type: 'string' }, json: { type: 'boolean' } } as const;
  const { turn, hours: most = '6', json = false } = parseOptions(process.argv.slice(2), known, usage);
  const turns = turn === undefined ? [0, 1, 2] : [wholeNumberOf('--turn', turn, [0, 2])];
  const hours = wholeNumberOf('--hours', most, [0, 100]);
  const rows = [];
  for (const each of turns) rows.push(...(await settleEstate({ turn: each, hours })));
  if (!json) console.log(tableOf(rows));
  console.log(summaryOf(rows));
  return rows.every(({ isAsWanted }) => isAsWanted) ? 0 : 1;
});
