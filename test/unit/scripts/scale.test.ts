import { projectRoot, runNode } from '../../support/repo/project';

const script = `${projectRoot}/scripts/scale.mjs`;

/** Runs an expression with the module of the limits. */
async function evaluate(expression: string): Promise<unknown> {
  const code = `import * as limits from '${projectRoot}/scripts/scale/limits.mjs'; console.log(JSON.stringify(${expression}));`;
  const { code: exit, stdout, stderr } = await runNode(['--input-type=module', '--eval', code]);
  if (exit !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

test('the table of docs/scale.md is what the documented limits and the measured figures say', async () => {
  expect(await runNode([script, '--check'])).toMatchObject({ code: 0, stderr: '' });
});

test('a costlier connection ends a deployment sooner', async () => {
  const cost = {
    requests: 4,
    storage: 17.25,
    cpuSeconds: 0.064,
    rate: 28,
    sweepSeconds: 0.0004,
    sweepQueries: 0.001,
  };
  const double = {
    ...cost,
    requests: 7,
    storage: 34.5,
    cpuSeconds: 0.128,
    sweepSeconds: 0.0008,
    sweepQueries: 0.002,
  };
  const [one, two] = (await evaluate(
    `[limits.limitsFrom(${JSON.stringify(cost)}), limits.limitsFrom(${JSON.stringify(double)})]`,
  )) as readonly (readonly { readonly limit: string; readonly end: number }[])[];
  const halved = (one ?? []).filter(({ end }, at) => Math.abs(end - 2 * (two?.[at]?.end ?? 0)) <= 2);
  expect(halved.map(({ limit }) => limit)).toEqual([
    'ARM reads of one subscription',
    'Resource Graph',
    '`functionTimeout`',
    'storage account',
    'one storage queue',
    'instances of the plan',
  ]);
  expect(one?.[0]?.end).toBe(720_000);
});

test('every documented limit names its source', async () => {
  const documented = (await evaluate('limits.documented')) as Record<
    string,
    { value: number; source: string }
  >;
  for (const { value, source } of Object.values(documented)) {
    expect(value).toBeGreaterThan(0);
    expect(source).not.toBe('');
  }
});

test('a figure that the benchmark has no longer is an error, not a guess', async () => {
  await expect(evaluate('limits.measuredIn({ flow: { parts: [] }, scale: { parts: [] } })')).rejects.toThrow(
    'no such row',
  );
});
