import { crashRows } from '../../support/crash/crash-table';
import { killEverywhere, type Death } from '../../support/crash/exhaustive';
import { scenarios } from '../../support/crash/scenarios';

const deaths: Death[] = [];

/** Every call of every scenario, three times over. */
beforeAll(async () => {
  for (const scenario of scenarios) deaths.push(...(await killEverywhere(scenario)));
}, 300_000);

const rows = crashRows();
const isBoth = ({ nets }: Death): boolean => nets.again && nets.sweep;

function told({ kill, point, nets, broken }: Death): string {
  const net = isBoth({ nets } as Death) ? 'both' : nets.again ? 'again' : 'sweep';
  return `${kill.when} call ${kill.at}, ${point} (${net}): ${broken.join('; ')}`;
}

describe('wherever a process is killed, all is made up for', () => {
  test.each(scenarios.map(({ name }) => name))('while %s', (name) => {
    const own = deaths.filter(({ scenario }) => scenario === name);
    expect(own.filter(isBoth).length).toBeGreaterThan(10);
    expect(own.filter((death) => isBoth(death) && death.broken.length > 0).map(told)).toEqual([]);
  });
});

describe('docs/reliability-crashes.md', () => {
  test('names exactly the points at which processes were killed, each once', () => {
    const points = [...new Set(deaths.map(({ point }) => point))].toSorted();
    expect(rows.map(({ point }) => point).toSorted()).toEqual(points);
  });

  test.each(rows)('a process that dies after "$point" is made up for by: $nets', ({ point, nets }) => {
    const here = deaths.filter((death) => death.point === point);
    expect(here.filter(isBoth).flatMap(({ broken }) => broken)).toEqual([]);
    expect(netsThatHeld(here)).toEqual(nets);
  });
});

/** The nets that made up for each of these deaths, with no other one beneath. */
function netsThatHeld(here: readonly Death[]): string[] {
  const again = here.filter(({ nets }) => !nets.sweep);
  const sweep = here.filter(({ nets }) => !nets.again);
  const held = (those: readonly Death[]): boolean =>
    those.length > 0 && those.every(({ broken }) => broken.length === 0);
  return [...(held(again) ? ['again'] : []), ...(held(sweep) ? ['sweep'] : [])];
}

test('wherever a process dies, no attempt is sent to Azure twice', () => {
  expect(deaths.filter(({ wroteTwice }) => wroteTwice).map(told)).toEqual([]);
});
