import type { Plot, Series } from './plot';
import type { SweepFigures } from './sweep-run';

/** The memory limit of every sweep, in MB. */
export const memoryLimitMb = 150;

/** Returns the median time and the maximum memory of the runs of each size and source. */
export function summaryOf(runs: readonly SweepFigures[]): readonly SweepFigures[] {
  const byKey = new Map<string, SweepFigures[]>();
  for (const run of runs) {
    const key = `${run.source} ${run.connections} ${run.reviews}`;
    byKey.set(key, [...(byKey.get(key) ?? []), run]);
  }
  return [...byKey.values()].map((group) => {
    const inOrder = [...group].sort((a, b) => a.seconds - b.seconds);
    const middle = inOrder[Math.floor(inOrder.length / 2)]!;
    return { ...middle, peakMb: Math.max(...group.map(({ peakMb }) => peakMb)) };
  });
}

/** Returns plots by file name. */
export function plotsOf(summary: readonly SweepFigures[]): Readonly<Record<string, Plot>> {
  const xLabel = 'Pending connections, on a tenth as many targets';
  const seriesOf = (value: (figures: SweepFigures) => number, what = ''): Series[] =>
    (['graph', 'lists'] as const).map((source) => ({
      name: `${source === 'graph' ? 'Resource Graph' : "the providers' lists"}${what}`,
      points: summary
        .filter((each) => each.source === source)
        .map((each) => [each.connections, value(each)] as const)
        .sort(([a], [b]) => a - b),
    }));
  return {
    'scale-memory.svg': {
      title: 'Most resident memory of the app during one sweep',
      xLabel,
      yLabel: 'MB',
      y: 'linear',
      series: seriesOf(({ peakMb }) => peakMb),
      limit: { value: memoryLimitMb, label: `limit: ${memoryLimitMb} MB` },
    },
    'scale-time.svg': {
      title: 'Time of one sweep',
      xLabel,
      yLabel: 'seconds',
      y: 'log',
      series: seriesOf(({ seconds }) => seconds),
    },
    'scale-calls.svg': {
      title: 'Calls of one sweep',
      xLabel,
      yLabel: 'calls',
      y: 'log',
      series: [
        ...seriesOf(({ storageCalls }) => storageCalls, ': storage'),
        ...seriesOf(({ armCalls }) => armCalls, ': ARM'),
      ],
    },
  };
}

export function tableOf(summary: readonly SweepFigures[]): string {
  const head = [
    'connections',
    'targets',
    'source',
    'seconds',
    'peak MB',
    'idle MB',
    'ARM calls',
    'storage calls',
  ];
  const rows = summary.map((each) => [
    whole(each.connections),
    whole(each.targets),
    `${each.source}${each.reviews ? ', with reviews' : ''}`,
    each.seconds.toFixed(1),
    whole(each.peakMb),
    whole(each.idleMb),
    whole(each.armCalls),
    whole(each.storageCalls),
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function whole(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}
