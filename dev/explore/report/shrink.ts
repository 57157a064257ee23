import { simulate, type SimulateOptions, type WorldReport } from '../world/simulate';
import type { WorldShape } from '../world/plan';

/**
 * Makes a failing world smaller, step by step, as long as it breaks the same law: fewer faults, fewer actors,
 * fewer requests. Returns the report of the smallest one, with its trace, and its shape.
 */
export async function shrink(
  failing: WorldReport,
  options: SimulateOptions,
): Promise<{ readonly report: WorldReport; readonly shape: WorldShape }> {
  const law = failing.violations[0]?.law;
  let shape: WorldShape = {
    ...options.shape,
    faults: [...failing.plan.faults],
    actors: [...failing.plan.actors],
    only: failing.plan.connections.map(({ name }) => name),
  };
  const breaks = async (candidate: WorldShape): Promise<boolean> =>
    (await simulate(failing.seed, { ...options, shape: candidate })).violations[0]?.law === law;
  for (const key of ['only', 'faults', 'actors', 'only', 'faults'] as const) {
    shape = {
      ...shape,
      [key]: await smallest(shape[key] ?? [], (items) => breaks({ ...shape, [key]: items })),
    };
  }
  for (const instances of [1, 2]) {
    if (instances >= failing.plan.instances || !(await breaks({ ...shape, instances }))) continue;
    shape = { ...shape, instances };
    break;
  }
  return { report: await simulate(failing.seed, { ...options, shape, keepsTrace: true }), shape };
}

/** Leaves out as many items as possible: halves first, then single ones. */
async function smallest(
  items: readonly string[],
  isEnough: (items: readonly never[]) => Promise<boolean>,
): Promise<readonly string[]> {
  let kept = items;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < kept.length;) {
      const without = [...kept.slice(0, start), ...kept.slice(start + size)];
      if (await isEnough(without as never[])) kept = without;
      else start += size;
    }
  }
  return kept;
}
