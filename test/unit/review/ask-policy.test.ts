import type { Connection } from '../../../src/connections/connection';
import { connectionIdOf, parseEndpointId, parseTargetId } from '../../../src/connections/resource-id';
import type { ConnectionState } from '../../../src/operations/operation';
import { askPolicy } from '../../../src/review/ask-policy';
import type { ReviewInput } from '../../../src/review/review-job';
import { createRig, targetIds } from '../../support/rigs/rig';
import { policyOf, policyText, type RuleText } from '../../support/samples/policy';

const now = new Date('2026-03-01T12:00:00Z');
const endpointId =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe-one';
const target = parseTargetId(targetIds.vault);
const contractors: RuleText = {
  name: 'contractors',
  when: 'endpoint.subscriptionId == "11111111-1111-1111-1111-111111111111"',
  approvals: { expireAfter: '1h' },
};

/** What is answered for an approval whose time is over, of an endpoint whose tags could not be read. */
function askAtItsEnd(...rules: readonly RuleText[]): ReturnType<typeof askPolicy> {
  const connection: Connection = {
    id: connectionIdOf(target, 'one'),
    endpoint: parseEndpointId(endpointId),
    endpointText: endpointId,
    status: 'Approved',
    message: '',
    provisioningState: 'Succeeded',
    groupIds: [],
    etag: undefined,
  };
  const endsAt = '2026-03-01T11:00:00.000Z';
  const seen = {
    firstSeen: '2026-03-01T10:00:00.000Z',
    approval: { endsAt, rules: ['contractors'] },
    endpointKey: parseEndpointId(endpointId).key,
  } as unknown as ConnectionState;
  const input = {
    target,
    now,
    policy: policyOf(policyText([contractors, ...rules])),
    listing: { connections: [connection], malformed: [] },
    endpoints: new Map(),
    networks: new Map(),
    proofs: new Map(),
    tenants: new Map(),
    subscriptions: new Map(),
    expected: new Map(),
    targetDetails: undefined,
  } as unknown as ReviewInput;
  return askPolicy(input, connection, seen);
}

describe('an approval whose time is over', () => {
  const reads = (effect: string): RuleText => ({
    name: 'reads-a-tag',
    effect,
    on: ['Approved'],
    when: 'endpoint.tags.state == "decommissioned"',
  });
  const holds = (when: string): RuleText => ({ name: 'keeps', effect: 'hold', on: ['Approved'], when });

  test.each([['delete'], ['reject']])(
    'ends although a rule that would %s could not be evaluated',
    (effect) => {
      expect(askAtItsEnd(reads(effect))).toMatchObject({ effect: 'delete', rules: ['contractors'] });
    },
  );

  test('stands while a rule that holds could not be evaluated: it might have matched', () => {
    expect(askAtItsEnd(reads('hold'))).toMatchObject({ effect: 'hold', rules: ['reads-a-tag'] });
  });

  test('stands while a rule that holds matches, also beside one that could not be evaluated', () => {
    expect(askAtItsEnd(holds('target.name == "kv-shared"'))).toMatchObject({ effect: 'hold' });
    expect(askAtItsEnd(reads('delete'), holds('target.name == "kv-shared"'))).toMatchObject({
      effect: 'hold',
    });
  });

  test('ends in the name of a rule that deletes, if there is one', () => {
    const deletes: RuleText = { name: 'deletes', effect: 'delete', on: ['Approved'], when: 'true' };
    expect(askAtItsEnd(deletes)).toMatchObject({ effect: 'delete', rules: ['deletes'] });
  });

  test('ends when the rule that holds does not match, whatever failed beside it', () => {
    expect(askAtItsEnd(reads('delete'), holds('target.name == "other"'))).toMatchObject({
      effect: 'delete',
      rules: ['contractors'],
    });
  });
});

describe('a target whose resource group has letters beyond ASCII', () => {
  const inGroup = (group: string): string =>
    `/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/kv-shared`;
  const rules: RuleText[] = [
    { name: 'zone', when: 'endpoint.subscriptionId == "11111111-1111-1111-1111-111111111111"' },
    { name: 'production', effect: 'hold', when: 'target.resourceGroup == "rg-münchen-prod"' },
  ];

  test.each(['rg-münchen-prod', 'RG-münchen-PROD', 'RG-MÜNCHEN-PROD', 'rg-mÜnchen-prod'])(
    'is held by its name however a hint spells it: %s',
    async (group) => {
      const rig = createRig({ target: inGroup('rg-münchen-prod') });
      rig.load.current = { kind: 'loaded', policy: policyOf(policyText(rules)) };
      rig.arm.seed({ name: 'one' });
      await rig.takeRequest(rig.request({ id: inGroup(group) }));
      expect(rig.ledger.ofKind('decided')).toMatchObject([{ effect: 'hold', rules: ['production'] }]);
      expect(rig.arm.writes).toEqual([]);
    },
  );

  test('is told to rules as ARM spells it', async () => {
    const rig = createRig({ target: inGroup('Rg-Shop') });
    rig.arm.seed({ name: 'one' });
    await rig.takeRequest(rig.request({ id: inGroup('RG-SHOP') }));
    expect(rig.policy.seen.map((facts) => facts.target.resourceGroup)).toEqual(['Rg-Shop']);
  });
});
