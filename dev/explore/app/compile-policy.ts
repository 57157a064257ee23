// Stands in for `src/policy/compile-policy.ts` in the bundle of the explorer: compiling the same files again
// for each simulated worker would take most of a run.
import { loadPolicy as compile } from '../../../src/policy/compile-policy';

export * from '../../../src/policy/compile-policy';

const compiled = new Map<string, ReturnType<typeof compile>>();

export const loadPolicy: typeof compile = (files, options) => {
  const modeOverride = options?.modeOverride;
  const key = JSON.stringify([files, modeOverride]);
  const known = compiled.get(key) ?? compile(files, { modeOverride });
  compiled.set(key, known);
  return known;
};
