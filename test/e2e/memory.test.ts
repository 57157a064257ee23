import { isInGraph } from '../../src/connections/chosen-types';
import { recordedTypes } from '../../src/connections/target-type';
import { runSweeps, type SweepFigures } from '../../bench/scale/sweep-run';
import { runWaiting } from '../../bench/scale/waiting-run';
import { projectRoot } from '../support/repo/project';

const memoryLimitMb = 150;
const connections = 20_000;
const targets = connections / 10;

// Only Linux tells what a process really has in memory; Azure runs the app there.
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('the deployed app in one process', () => {
  let lists: SweepFigures;
  let graph: SweepFigures;

  beforeAll(async () => {
    const [first, second] = await runSweeps({ root: projectRoot, connections, reviews: false });
    lists = first!;
    graph = second!;
  });

  test('a sweep over 2,000 targets stays below 150 MB, whatever its source', () => {
    expect([lists.source, graph.source]).toEqual(['lists', 'graph']);
    expect(lists.peakMb).toBeLessThan(memoryLimitMb);
    expect(graph.peakMb).toBeLessThan(memoryLimitMb);
  });

  test('it asks once for each target, and puts nothing else into storage but what it remembers', () => {
    expect([lists.asked, graph.asked]).toEqual([targets, targets]);
    // The first one makes the queue and the tables, too: up to sixteen messages are sent before it is known that there is no queue.
    // A busy machine takes longer, and what is done at intervals is done more often then; nothing is done for each target.
    expect(lists.storageCalls - targets).toBeLessThanOrEqual(10 + 1 + 16 + Math.ceil(lists.seconds));
    expect(graph.storageCalls - targets).toBeLessThanOrEqual(10);
  });

  test('ARM is asked for the subscriptions and one list for ten types, Resource Graph for a page of a thousand each', () => {
    expect(lists.armCalls).toBe(1 + Math.ceil(recordedTypes().length / 10));
    // The types that Resource Graph hides are listed, too.
    const hidden = recordedTypes().filter((type) => !isInGraph(type)).length;
    expect(hidden).toBeGreaterThan(0);
    expect(graph.armCalls).toBe(connections / 1000 + 1 + Math.ceil(hidden / 10));
  });

  test('2,000 operations that wait cost no invocation and no memory, and a sweep passes over them', async () => {
    const waiting = await runWaiting({ root: projectRoot, operations: 2_000, watchSeconds: 5 });
    expect(waiting.invocations).toBe(0);
    expect(waiting.waitingMb).toBeLessThan(waiting.withoutMb + 10);
    expect(waiting).toMatchObject({ inHand: 2_000, asked: 0 });
    expect(waiting.sweepPeakMb).toBeLessThan(memoryLimitMb);
    // A page of rows holds 500.
    expect(waiting.sweepStorageCalls).toBeLessThanOrEqual(10 + 2_000 / 500);
  });
});
