import { crashRows } from '../../support/crash/crash-table';
import { killEverywhere, type Crash } from '../../support/crash/exhaustive';
import { scenarios } from '../../support/crash/scenarios';

const crashes: Crash[] = [];

/** Every call of every scenario, three times over. */
beforeAll(async () => {
  for (const scenario of scenarios) crashes.push(...(await killEverywhere(scenario)));
}, 300_000);

const rows = crashRows();
const isBoth = ({ recoveries }: Crash): boolean => recoveries.again && recoveries.sweep;

function told({ kill, point, recoveries, violations }: Crash): string {
  const recovery = isBoth({ recoveries } as Crash) ? 'both' : recoveries.again ? 'again' : 'sweep';
  return `${kill.when} call ${kill.at}, ${point} (${recovery}): ${violations.join('; ')}`;
}

describe('wherever a process is killed, all is made up for', () => {
  test.each(scenarios.map(({ name }) => name))('while %s', (name) => {
    const own = crashes.filter(({ scenario }) => scenario === name);
    expect(own.filter(isBoth).length).toBeGreaterThan(10);
    expect(own.filter((crash) => isBoth(crash) && crash.violations.length > 0).map(told)).toEqual([]);
  });
});

describe('docs/reliability-crashes.md', () => {
  test('names exactly the points at which processes were killed, each once', () => {
    const points = [...new Set(crashes.map(({ point }) => point))].toSorted();
    expect(rows.map(({ point }) => point).toSorted()).toEqual(points);
  });

  test.each(rows)(
    'a process that dies after "$point" is recovered by: $recoveries',
    ({ point, recoveries }) => {
      const here = crashes.filter((crash) => crash.point === point);
      expect(here.filter(isBoth).flatMap(({ violations }) => violations)).toEqual([]);
      expect(sufficientRecoveries(here)).toEqual(recoveries);
    },
  );
});

/** The nets that made up for each of these deaths, with no other one beneath. */
function sufficientRecoveries(here: readonly Crash[]): string[] {
  const again = here.filter(({ recoveries }) => !recoveries.sweep);
  const sweep = here.filter(({ recoveries }) => !recoveries.again);
  const held = (those: readonly Crash[]): boolean =>
    those.length > 0 && those.every(({ violations }) => violations.length === 0);
  return [...(held(again) ? ['again'] : []), ...(held(sweep) ? ['sweep'] : [])];
}

test('wherever a process dies, no attempt is sent to Azure twice', () => {
  expect(crashes.filter(({ wroteTwice }) => wroteTwice).map(told)).toEqual([]);
});
