import type { Facts } from '../../../src/policy/facts/facts';
import { asked, many, microsoftTenant, own, ownTenant, strangersTenant } from '../../support/samples/estate';
import { approvesPending, estateOf, suggestedFor } from '../../support/samples/suggested';
import { assess } from '../../../src/suggest/report/assessment';
import { suggestPolicy } from '../../../src/suggest/suggest';

/** Approvals of five of our subscriptions below the group corp, for several vaults. */
const ours = many(0, 40, (n) => ({ subscription: own(n % 5), target: `kv-${n % 7}` }));

const stranger = (number: number, target = 'kv-1'): Facts =>
  asked(number, {
    subscription: '66600000-0000-4000-8000-00000000000a',
    tenant: 'other',
    groups: undefined,
    target,
  });

describe('a stranger', () => {
  test('whom a script approved once is not approved', () => {
    const suggestion = suggestedFor([...ours, stranger(500)]);
    expect(approvesPending(suggestion, ours[0]!)).toBe(true);
    expect(approvesPending(suggestion, stranger(501))).toBe(false);
  });

  test('whom a script approved often, for one target, is not approved', () => {
    const suggestion = suggestedFor([...ours, ...Array.from({ length: 9 }, (_, n) => stranger(500 + n))]);
    expect(approvesPending(suggestion, stranger(600))).toBe(false);
  });

  test('of the same name as ours in many subscriptions is not approved', () => {
    const strangers = Array.from({ length: 30 }, (_, n) =>
      asked(500 + n, {
        subscription: `66600000-0000-4000-8000-${(100 + n).toString(16).padStart(12, '0')}`,
        tenant: 'other',
        groups: undefined,
        endpoint: 'pe-1',
        target: `kv-${n % 7}`,
        status: n < 4 ? 'Approved' : 'Pending',
      }),
    );
    const suggestion = suggestedFor([...ours, ...strangers]);
    expect(strangers.filter((facts) => approvesPending(suggestion, facts))).toEqual([]);
  });

  test('of whom nobody knows whose subscription it is, approved twice, is not approved', () => {
    const unknown = (number: number): Facts => ({
      ...asked(number, {
        subscription: '66600000-0000-4000-8000-00000000000b',
        tenant: undefined,
        groups: undefined,
      }),
    });
    expect(approvesPending(suggestedFor([...ours, unknown(500), unknown(501)]), unknown(502))).toBe(false);
  });

  test('whose subscription the facts call ours once and a stranger’s once is nobody’s own', () => {
    const subscription = '66600000-0000-4000-8000-00000000000c';
    const both = [
      asked(500, { subscription }),
      asked(501, { subscription, tenant: 'other', groups: undefined }),
    ];
    const suggestion = suggestedFor([...ours, ...both]);
    expect(approvesPending(suggestion, both[1]!)).toBe(false);
  });

  test('who lets a service of Microsoft make the endpoint is not approved, however often it was', () => {
    const managed = (number: number, subscription: string): Facts =>
      asked(number, { subscription, tenant: 'microsoft', groups: undefined, target: `kv-${number % 7}` });
    const often = Array.from({ length: 60 }, (_, n) =>
      managed(500 + n, '92b2afd7-e3db-4660-90c5-0da4aebf53d4'),
    );
    const elsewhere = Array.from({ length: 60 }, (_, n) =>
      managed(700 + n, '35000000-0000-4000-8000-000000000001'),
    );
    const suggestion = suggestedFor([...ours, ...often, ...elsewhere]);
    expect([...often, ...elsewhere].filter((facts) => approvesPending(suggestion, facts))).toEqual([]);
    expect(suggestion?.text).not.toContain(microsoftTenant);
  });

  test('a subscription that is known as Microsoft’s is not named although nobody knows its tenant', () => {
    const often = Array.from({ length: 60 }, (_, n) =>
      asked(500 + n, {
        subscription: 'c1bc5dd7-ea97-469c-89fa-8f26624902fd',
        tenant: undefined,
        groups: undefined,
        target: `kv-${n % 7}`,
      }),
    );
    expect(suggestedFor(often)).toBeUndefined();
  });
});

describe('what a requester chooses', () => {
  test('is not used, although it tells approvals and rejections apart perfectly', () => {
    const chosen = many(0, 80, (n) => ({
      subscription: own(n % 5),
      target: `kv-${n % 7}`,
      endpoint: n % 2 === 0 ? `approved-${n}` : `other-${n}`,
      message: n % 2 === 0 ? 'approved by the CISO' : '',
      endpointTags: { approved: n % 2 === 0 ? 'yes' : 'no' },
      status: n % 2 === 0 ? 'Approved' : 'Rejected',
    }));
    expect(suggestedFor(chosen)).toBeUndefined();
    const suggestion = suggestedFor([
      ...ours.map((facts) => ({
        ...facts,
        connection: { ...facts.connection, id: `${facts.connection.id}-x` },
      })),
      ...chosen.slice(0, 4),
    ]);
    expect(suggestion?.text).not.toMatch(
      /endpoint\.(name|resourceGroup|tags|location|id)|connection\.|requester\.(name|subscriptionName|subscriptionTags)/,
    );
  });

  test('the subscription’s tags and names are not used either', () => {
    const tagged = many(0, 40, (n) => ({
      subscription: own(n),
      status: n % 2 === 0 ? 'Approved' : 'Rejected',
    })).map((facts, n): Facts => ({
      ...facts,
      requester: facts.requester && {
        ...facts.requester,
        subscriptionName: n % 2 === 0 ? 'good' : 'bad',
        subscriptionTags: { approved: n % 2 === 0 ? 'yes' : 'no' },
      },
    }));
    expect(suggestedFor(tagged)?.text ?? '').not.toContain('subscriptionTags');
    expect(suggestedFor(tagged)?.text ?? '').not.toContain('subscriptionName');
  });
});

describe('an estate that says little', () => {
  test('without approvals proposes nothing', () => {
    expect(
      suggestedFor(many(0, 30, (n) => ({ subscription: own(n % 5), status: 'Rejected' }))),
    ).toBeUndefined();
    expect(suggestedFor([])).toBeUndefined();
  });

  test('with a single approval proposes one narrow rule that says that it rests on few examples', () => {
    const estate = estateOf([asked(1)]);
    const suggestion = suggestPolicy(estate);
    expect(suggestion?.rules).toHaveLength(1);
    expect(assess(estate, suggestion).rules).toMatchObject([{ approvals: 1, isFew: true }]);
    expect(
      approvesPending(suggestion, asked(2, { subscription: own(77), groups: ['sandbox', ownTenant] })),
    ).toBe(false);
  });

  test('with a single approval of a stranger proposes nothing', () => {
    expect(suggestedFor([stranger(1)])).toBeUndefined();
  });

  test('in which people contradict each other follows the rejections', () => {
    const contradictory = many(0, 60, (n) => ({
      subscription: own(n % 5),
      target: `kv-${n % 7}`,
      status: n % 2 === 0 ? 'Approved' : 'Rejected',
    }));
    const estate = estateOf([
      ...contradictory,
      ...many(100, 40, (n) => ({
        subscription: own(10 + (n % 4)),
        groups: ['data', ownTenant],
        target: `kv-${n % 7}`,
      })),
    ]);
    const suggestion = suggestPolicy(estate);
    expect(approvesPending(suggestion, contradictory[0]!)).toBe(false);
    expect(
      approvesPending(suggestion, asked(1, { subscription: own(11), groups: ['data', ownTenant] })),
    ).toBe(true);
    expect(assess(estate, suggestion).unexplained).toMatchObject([{ reason: 'contradicted', count: 30 }]);
  });

  test('with connections without an endpoint leaves them out, and says so', () => {
    const without = many(500, 3, () => ({})).map((facts): Facts => ({
      ...facts,
      endpoint: undefined,
      requester: undefined,
    }));
    const estate = estateOf([...ours, ...without]);
    expect(assess(estate, suggestPolicy(estate)).unexplained).toMatchObject([
      { reason: 'noEndpoint', count: 3 },
    ]);
  });

  test('with the same connection twice counts it once, and believes the rejection', () => {
    const estate = estateOf([asked(1), asked(1, { status: 'Rejected' }), asked(1)]);
    expect(estate.counts).toMatchObject({ approved: 0, rejected: 1 });
    expect(estate.repeated).toBe(2);
  });
});

describe('what a rule approves', () => {
  test('no look-alike group', () => {
    const suggestion = suggestedFor([
      ...ours,
      ...many(100, 20, (n) => ({
        subscription: own(50 + n),
        groups: ['sandbox', ownTenant],
        status: 'Rejected',
      })),
    ]);
    expect(suggestion?.text).toContain('"corp" in requester.managementGroups');
    for (const groups of [
      ['corp-of-others', ownTenant],
      ['CORP2', ownTenant],
      ['corр', ownTenant],
    ])
      expect(approvesPending(suggestion, asked(1, { subscription: own(99), groups }))).toBe(false);
  });

  test('never the root group: it is the tenant', () => {
    expect(suggestedFor(ours)?.text).not.toContain(`"${ownTenant}"`);
  });

  test('no type of which one approval opens many resources, unless the rule names it', () => {
    const powerBi = 'Microsoft.PowerBI/privateLinkServicesForPowerBI';
    const estate = estateOf([...ours, asked(500, { type: powerBi, target: 'pbi' })]);
    const suggestion = suggestPolicy(estate);
    expect(approvesPending(suggestion, asked(501, { type: powerBi, target: 'pbi' }))).toBe(false);
    expect(assess(estate, suggestion).unexplained).toMatchObject([{ reason: 'opensMany', count: 1 }]);
  });

  test('a resource of ours behind an endpoint of Microsoft, and no other', () => {
    const factory = (name: string): string =>
      `/subscriptions/${own(1)}/resourceGroups/rg-data/providers/Microsoft.DataFactory/factories/${name}`;
    const managed = (number: number, name: string, status = 'Approved'): Facts =>
      asked(number, {
        subscription: '35000000-0000-4000-8000-000000000001',
        tenant: 'microsoft',
        behind: factory(name),
        target: `kv-${number % 7}`,
        status,
      });
    const suggestion = suggestedFor([
      ...Array.from({ length: 20 }, (_, n) => managed(n, 'good')),
      ...Array.from({ length: 20 }, (_, n) => managed(100 + n, 'bad', 'Rejected')),
    ]);
    expect(suggestion?.text).toContain('requester.id');
    expect(approvesPending(suggestion, managed(500, 'good'))).toBe(true);
    expect(approvesPending(suggestion, managed(501, 'bad'))).toBe(false);
    expect(approvesPending(suggestion, managed(502, 'good-of-others'))).toBe(false);
  });

  test('a partner’s tenant after enough approvals of several targets, and no other tenant', () => {
    const partner = (number: number): Facts =>
      asked(number, {
        subscription: `9a000000-0000-4000-8000-00000000000${number % 3}`,
        tenant: 'other',
        groups: undefined,
        target: `kv-${number % 7}`,
      });
    const suggestion = suggestedFor([...ours, ...Array.from({ length: 30 }, (_, n) => partner(500 + n))]);
    expect(approvesPending(suggestion, partner(600))).toBe(true);
    const other = partner(601);
    const moved = {
      ...other.endpoint!,
      subscriptionId: '66600000-0000-4000-8000-00000000000a',
      tenantId: '66600000-0000-4000-8000-000000000002',
    };
    expect(approvesPending(suggestion, { ...other, endpoint: moved })).toBe(false);
    expect(suggestion?.rules.map(({ requester }) => requester.kind)).toContainEqual(
      expect.stringMatching(/^outside/),
    );
    expect(strangersTenant).toHaveLength(36);
  });
});
