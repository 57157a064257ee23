import { plotSvg, type Plot } from '../../../bench/scale/plot';
import { plotsOf, summaryOf } from '../../../bench/scale/report';
import type { SweepFigures } from '../../../bench/scale/sweep-run';

const figures = (changes: Partial<SweepFigures>): SweepFigures => ({
  kind: 'sweep',
  source: 'graph',
  reviews: false,
  connections: 1_000,
  targets: 100,
  asked: 100,
  seconds: 1,
  idleMb: 46,
  peakMb: 90,
  armCalls: 1,
  storageCalls: 105,
  ...changes,
});

test('of several runs the median time and the most memory count', () => {
  const runs = [
    figures({ seconds: 3, peakMb: 95 }),
    figures({ seconds: 1, peakMb: 99 }),
    figures({ seconds: 2 }),
    figures({ connections: 10_000, seconds: 20 }),
  ];
  expect(summaryOf(runs)).toMatchObject([
    { connections: 1_000, seconds: 2, peakMb: 99 },
    { connections: 10_000, seconds: 20, peakMb: 90 },
  ]);
});

test('on logarithmic axes, ten times as much at ten times the size is a line at one slope', () => {
  const runs = [1, 10, 100].map((factor) => figures({ connections: 1_000 * factor, seconds: factor }));
  const [, points = ''] =
    /<polyline [^>]*points="([^"]+)"/.exec(plotSvg(plotsOf(runs)['scale-time.svg'] as Plot)) ?? [];
  const [first, second, third] = points.split(' ').map((point) => point.split(',').map(Number));
  expect(second![0]! - first![0]!).toBeCloseTo(third![0]! - second![0]!, 0);
  expect(second![1]! - first![1]!).toBeCloseTo(third![1]! - second![1]!, 0);
  expect(third![1]!).toBeLessThan(first![1]!);
});

test('what is shown as text cannot become markup', () => {
  const svg = plotSvg({ title: 'a < b & c', xLabel: '', yLabel: '', y: 'linear', series: [] });
  expect(svg).toContain('a &lt; b &amp; c');
});
