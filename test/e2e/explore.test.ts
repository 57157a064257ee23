import { projectRoot, runNode } from '../support/repo/project';

interface Found {
  readonly from?: number;
  readonly worlds: number;
  readonly failureCount: number;
  readonly failures: readonly { readonly seed: number; readonly violation: { readonly law: string } }[];
  readonly writes: number;
  readonly unvisited?: readonly string[];
}

const explorer = `${projectRoot}/dist/dev/explore.mjs`;

async function explore(...args: readonly string[]): Promise<Found & { readonly code: number | null }> {
  const run = await runNode([explorer, ...args]);
  const line = run.stdout.trim().split('\n').at(-1) ?? '';
  // A run that failed says so there.
  if (!line.startsWith('{')) throw new Error(`exit code ${run.code}: ${run.stdout} ${run.stderr}`);
  return { ...(JSON.parse(line) as Found), code: run.code };
}

test('the fixed worlds break no law, and visit every pair of event and state that the design allows', async () => {
  const { failures, unvisited, worlds, writes, code } = await explore('--fixed', '--pairs');
  expect({ failures, unvisited, code }).toEqual({ failures: [], unvisited: [], code: 0 });
  expect(worlds).toBeGreaterThanOrEqual(300);
  // Worlds in which nothing happens would prove nothing.
  expect(writes).toBeGreaterThan(worlds);
}, 1_200_000);

test('300 worlds that nobody has seen break no law', async () => {
  const { from, failures, worlds, code } = await explore('--worlds', '300');
  process.stdout.write(`Fresh worlds: npm run explore -- --from ${from} --worlds 300\n`);
  expect({ from, failures, worlds, code }).toEqual({ from, failures: [], worlds: 300, code: 0 });
}, 1_200_000);

test('a seed gives the same history, in one process and in another', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => runNode([explorer, '--seed', '401'])));
  expect(one?.stdout).toMatch(/"digest":"[0-9a-f]{8}"/);
  expect(other?.stdout).toBe(one?.stdout);
}, 600_000);

/**
 * The judge is worth something only if it objects to an app that lacks what it judges. For each build: the seed to begin
 * with, shortly before the world that convicted it last, and the laws. `npm run explore -- --broken all` shows that each
 * is convicted within 200 worlds from seed 1.
 */
const broken: Readonly<Record<string, readonly [from: number, laws: readonly string[]]>> = {
  'no-lease': [4, ['one-write-at-a-time', 'one-end-for-each-decision']],
  'no-write-ahead': [1, ['decided-before-written']],
  'trust-event': [1, ['only-what-policy-wants']],
  'one-404': [
    26,
    ['one-write-at-a-time', 'everything-ends', 'applied-means-shown', 'decided-before-written'],
  ],
  'foreign-401': [2, ['everything-ends']],
  'poll-forgotten': [8, ['everything-ends']],
  'id-reused': [1, ['decided-before-written']],
  'announcement-reused': [8, ['only-what-policy-wants']],
  'announcement-anybody': [2, ['only-what-policy-wants']],
  'rivals-ignored': [77, ['only-what-policy-wants']],
  'tenant-kept': [9, ['only-what-policy-wants']],
  'approval-forgotten': [1, ['everything-ends']],
  'proof-skipped': [2, ['applied-means-shown', 'everything-ends']],
  'policy-stuck': [29, ['everything-ends', 'only-what-policy-wants']],
  'running-ignored': [1, ['one-write-at-a-time']],
  'audit-ignored': [32, ['only-what-policy-wants']],
  'fence-early': [144, ['never-on-old-knowledge']],
  'stale-reading': [10, ['never-on-old-knowledge']],
  'limit-ignored': [106, ['limits-hold']],
  'list-part': [11, ['lists-are-whole']],
  'list-emptied': [107, ['lists-are-whole']],
  'list-stale': [18, ['only-what-policy-wants']],
  'page-trusted': [56, ['only-what-was-answered']],
  'seen-ignored': [150, ['only-what-was-answered']],
  'answer-counted-twice': [28, ['only-what-was-answered']],
  'withdrawal-ignored': [3, ['only-what-was-answered']],
  'anybody-answers': [5, ['only-what-was-answered']],
  'answer-for-ever': [59, ['everything-ends']],
  'answers-uncounted': [25, ['answers-as-allowed']],
  'hints-wait-for-ever': [71, ['no-sweep-needed']],
  'own-means-all': [71, ['no-sweep-needed']],
};

test.each(Object.entries(broken))(
  'the judge objects to the build %s',
  async (name, [from, laws]) => {
    const { failures, code } = await explore('--broken', name, '--from', `${from}`, '--processes', '1');
    expect(code).toBe(1);
    expect(laws).toContain(failures[0]?.violation.law);
  },
  600_000,
);
