import { createPolicySource } from '../../../../src/policy/source/policy-source';
import { PosternError } from '../../../../src/base/errors';
import { recordPolicyProblem } from '../../../../src/review/failure/record-policy-problem';
import { createRig } from '../../../support/rigs/rig';

const day = 24 * 3600;
const tooMany = new PosternError('POLICY_INVALID', 'the policy folder has more than 200 files: merge some');

/** A policy in a container that somebody else can write, and what a review tells of it. */
function world() {
  const rig = createRig();
  const container = { text: 'version: 1\n', version: '1', trouble: undefined as Error | undefined };
  const reader = {
    version: async () => {
      if (container.trouble !== undefined) throw container.trouble;
      return container.version;
    },
    read: async () => [{ path: 'p.yaml', text: container.text }],
  };
  const source = createPolicySource({ path: 'https://x/policies', clock: rig.clock, reader });
  const look = async (seconds: number) => {
    rig.clock.advance(seconds);
    const load = await source.current();
    if (load.kind === 'refused') await recordPolicyProblem(rig, 'suspended', load);
    else if (load.refusedUpdate !== undefined) await recordPolicyProblem(rig, 'refused', load.refusedUpdate);
    return load.kind;
  };
  const told = () => rig.ledger.records.map(({ kind, at }) => `${kind} ${at.slice(0, 10)}`);
  return { rig, container, look, told };
}

describe('a version that cannot be read while another is in force', () => {
  test('is told of each time that it happens, a month apart', async () => {
    const { rig, container, look } = world();
    await look(60);
    container.trouble = tooMany;
    await look(60);
    container.trouble = undefined;
    await look(60);
    container.trouble = new PosternError('POLICY_INVALID', 'HTTP 403: the role was taken away');
    await look(30 * day);
    expect(rig.ledger.ofKind('refused').map(({ reason }) => reason)).toEqual([
      expect.stringContaining('more than 200 files'),
      expect.stringContaining('the role was taken away'),
    ]);
  });

  test('is told of once a day for as long as it lasts, so that an alert over two days sees it', async () => {
    const { container, look, told } = world();
    await look(0);
    container.trouble = tooMany;
    for (let hour = 0; hour < 48; hour += 1) await look(3600);
    expect(told()).toEqual(['refused 2026-01-05', 'refused 2026-01-06', 'refused 2026-01-07']);
  });

  test('is told of when it was bad before, too', async () => {
    const { container, look, told } = world();
    await look(0);
    for (const [version, text] of ['version: x\n', 'version: 1\n', 'version: x\n'].entries()) {
      Object.assign(container, { version: `v${version}`, text });
      await look(day);
    }
    expect(told()).toEqual(['refused 2026-01-06', 'refused 2026-01-08']);
  });
});

test('nothing that can be read is told of daily, as well', async () => {
  const { container, look, told } = world();
  container.trouble = tooMany;
  await look(0);
  await look(60);
  await look(day);
  expect(told()).toEqual(['suspended 2026-01-05', 'suspended 2026-01-06']);
});

test.each([
  ['suspended', 'No decisions are made: the policy did not load'],
  ['refused', 'The previous policy stays in force: a newer version did not load'],
] as const)('a policy that is %s is told of with the place of its first problem', async (kind, meaning) => {
  const rig = createRig();
  const problem = { path: 'p.yaml', line: 2, column: 3, length: 1, message: 'odd\u202e' };
  await recordPolicyProblem(rig, kind, { digest: 'd', problems: [problem, problem] });
  const reason = `${meaning} (2 problems): p.yaml:2:3 odd\\u{202e}`;
  expect(rig.ledger.records).toEqual([
    {
      version: 1,
      id: `d|${kind}|2026-01-05`,
      kind,
      at: rig.clock.now().toISOString(),
      target: '',
      reason,
      policyDigest: 'd',
    },
  ]);
  expect(rig.lines).toEqual([reason]);
});
