import { EstateBuilder } from '../../src/suggest/estate/estate';
import { observe } from '../../src/suggest/estate/observation';
import { suggestPolicy } from '../../src/suggest/suggest';
import type { Part, PartOptions, PartReport } from '../report/part';
import { atMost } from '../report/part';
import { figure } from '../report/table';
import { PlainTree } from './decision-tree';
import { approves, type EstateSize, makeEstate } from './estates';
import { runSuggest } from './tool-run';
import { microsoftTenant } from './world';

const size: EstateSize = { subscriptions: 60, targets: 200, seen: 3_000, unseen: 2_000, noise: 0.05 };
const large: EstateSize = { subscriptions: 400, targets: 2_000, seen: 100_000, unseen: 0, noise: 0.05 };

/** Learns policies from made-up estates whose true policy is known. Accuracy is a count: one run is enough. */
export const suggestPart: Part = { name: 'suggest', run: report };

async function report({ root, quick, log }: PartOptions): Promise<PartReport> {
  const estates = Array.from({ length: quick ? 2 : 10 }, (_, index) => accuracyOf(index + 1, log));
  const time = await runSuggest(root, quick ? { ...large, seen: 5_000 } : large);
  const least = (numbers: readonly number[]): number => Math.min(...numbers);
  return {
    name: 'suggest',
    about: `${estates.length} estates of ${size.seen} connections, 5 % of them answered wrongly, and ${size.unseen} unseen connections each.`,
    runs: 1,
    tables: [
      {
        caption:
          'Percent of unseen connections decided as by the true policy, and strangers that are approved.',
        head: ['estate', 'suggested', 'rules', 'strangers', 'decision tree', 'its strangers'],
        rows: estates.map(({ seed, suggested, rules, strangers, tree, treeStrangers }) => [
          String(seed),
          figure(suggested, 2),
          String(rules),
          String(strangers),
          figure(tree, 2),
          String(treeStrangers),
        ]),
      },
    ],
    goals: [
      {
        what: 'The least percent of unseen connections decided as by the true policy',
        measured: least(estates.map(({ suggested }) => suggested)),
        limit: 98,
        wanted: 'at least',
      },
      atMost(
        'Strangers approved, over all estates',
        estates.reduce((sum, { strangers }) => sum + strangers, 0),
        0,
      ),
      atMost('Seconds for 100,000 connections', time.seconds, 60),
      atMost('Most resident memory of the tool in MiB, for 100,000 connections', time.mebibytes, 512),
    ],
    figures: { estates, time },
  };
}

function accuracyOf(seed: number, log: PartOptions['log']) {
  const { seen, unseen } = makeEstate(seed, size);
  const suggestion = suggestPolicy(estateOf(seen));
  const predicted = new PlainTree(
    seen.map(({ facts }) => ({ facts, isApproved: facts.connection.status === 'Approved' })),
  ).predict(unseen.map(({ facts }) => facts));
  const decided = unseen.map(({ facts }) => suggestion !== undefined && approves(suggestion.policy, facts));
  const right = (answers: readonly boolean[]): number =>
    (100 * unseen.filter(({ isRight }, index) => answers[index] === isRight).length) / unseen.length;
  const strangers = (answers: readonly boolean[]): number =>
    unseen.filter(({ isStranger }, index) => isStranger && answers[index] === true).length;
  log(`estate ${seed}: ${figure(right(decided), 2)} %`);
  return {
    seed,
    suggested: right(decided),
    rules: suggestion?.rules.length ?? 0,
    strangers: strangers(decided),
    tree: right(predicted),
    treeStrangers: strangers(predicted),
  };
}

function estateOf(seen: ReturnType<typeof makeEstate>['seen']) {
  const builder = new EstateBuilder();
  for (const { facts } of seen) builder.add(observe(facts, new Set([microsoftTenant])));
  return builder.build();
}
