import { noReads } from '../../../src/policy/cel/costly-reads';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from '../../../src/policy/facts/facts';
import { limitedKinds, type Policy } from '../../../src/policy/policy';
import { policySchema } from '../../../src/policy/file/policy-schema';
import {
  decideBy,
  facts,
  factsWith,
  now,
  policyOf,
  subscriptionA,
  subscriptionB,
} from '../../support/samples/policy';

const folder = join(__dirname, '../../../policies');
const text = readFileSync(join(folder, 'default.yaml'), 'utf8');

/** The policy with its examples taken into use: lines that begin with `#` and two blanks. */
const withExamples = text.replace(/^#( {2})/gm, '$1');

/** The policy with entries put into its lists, as an owner would. */
function owned(policyText: string): Policy {
  const guid = subscriptionA;
  const family = `/subscriptions/${subscriptionB}/resourceGroups/rg-web/providers/Microsoft.Network/privateEndpoints/pe-*`;
  return policyOf(
    policyText
      .replace('approvedSubscriptions: []', `approvedSubscriptions: [${guid}]`)
      .replace('approvedEndpoints: []', `approvedEndpoints: ["${family}"]`),
  );
}

function fromEndpoint(subscriptionId: string, resourceGroup: string, name: string): Facts {
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Network/privateEndpoints/${name}`;
  return { ...facts, endpoint: { id, subscriptionId, resourceGroup, name } };
}

describe('the shipped policy', () => {
  test('loads, and reads nothing that costs a call', () => {
    expect(policyOf(text)).toMatchObject({
      mode: 'enforce',
      statuses: ['Pending'],
      reads: noReads,
    });
  });

  test.each(['Pending', 'Approved', 'Rejected', 'Disconnected'])(
    'unread, holds or leaves alone what is %s',
    (status) => {
      const decision = policyOf(text).decide(factsWith({ status }), now);
      expect(decision?.effect ?? 'hold').toBe('hold');
    },
  );

  test('approves a subscription that the owner named, and no other', () => {
    expect(decideBy(owned(text))).toMatchObject({ effect: 'approve', rules: ['approved-subscriptions'] });
    expect(decideBy(owned(text), fromEndpoint(subscriptionB, 'rg-other', 'pe-1'))).toMatchObject({
      effect: 'hold',
      rules: [],
    });
  });

  test('approves a family of endpoints that the owner named, and no neighbour', () => {
    expect(decideBy(owned(text), fromEndpoint(subscriptionB, 'RG-Web', 'PE-7'))).toMatchObject({
      rules: ['approved-endpoints'],
      effect: 'approve',
    });
    expect(decideBy(owned(text), fromEndpoint(subscriptionB, 'rg-web', 'xpe-7')).effect).toBe('hold');
  });

  test('holds a connection whose endpoint Azure does not name', () => {
    expect(decideBy(owned(text), { ...facts, endpoint: undefined }).effect).toBe('hold');
  });

  test('limits every kind of write, in a review to less than in an hour', () => {
    const { limits } = policyOf(text);
    for (const kind of limitedKinds) {
      const { perHour = 0, perReview = 0 } = limits[kind] ?? {};
      expect(perReview).toBeGreaterThan(0);
      expect(perHour).toBeGreaterThan(perReview);
    }
  });

  test('names the schema that stands beside it, and that is the one of the parser', () => {
    const [, name = ''] = /^# yaml-language-server: \$schema=\.\/(\S+)\n/.exec(text) ?? [];
    expect(JSON.parse(readFileSync(join(folder, name), 'utf8'))).toEqual(policySchema());
  });
});

describe('the examples in the shipped policy', () => {
  test('load, every one', () => {
    const commented = text.match(/^# {2}- name:/gm)?.length ?? 0;
    expect(commented).toBeGreaterThan(5);
    expect(policyOf(withExamples).ruleCount).toBe(policyOf(text).ruleCount + commented);
  });

  test.each<[string, Partial<Facts['connection']>, string]>([
    ['revoke-strangers', { status: 'Approved' }, 'reject'],
    ['aged-leftovers', { status: 'Disconnected', firstSeen: new Date('2026-02-01T00:00:00Z') }, 'delete'],
  ])('%s does what it says', (rule, connection, effect) => {
    expect(decideBy(policyOf(withExamples), factsWith(connection))).toMatchObject({ effect, rules: [rule] });
  });

  test.each<[string, Partial<Facts['connection']>]>([
    ['a connection of an approved subscription', { status: 'Approved' }],
    ['a young leftover', { status: 'Disconnected' }],
  ])('%s is left alone', (_, connection) => {
    expect(decideBy(owned(withExamples), factsWith(connection)).effect).toBe('hold');
  });

  test('contractors are let in for a week', () => {
    const { endpoint } = fromEndpoint(facts.target.subscriptionId, 'rg-contractors-7', 'pe-1');
    const contractor = {
      ...factsWith({ message: '' }),
      endpoint: endpoint && { ...endpoint, virtualNetworkId: 'elsewhere' },
      target: { ...facts.target, tags: { env: 'test' } },
    };
    expect(decideBy(policyOf(withExamples), contractor)).toMatchObject({
      effect: 'approve',
      rules: ['contractors'],
      expireAfterSeconds: 7 * 86_400,
    });
  });

  test('a silent stranger is rejected after a day, not before', () => {
    const stranger = factsWith({ message: '', firstSeen: new Date('2026-02-01T00:00:00Z') });
    const lone = { ...stranger, target: { ...facts.target, tags: { env: 'test' } } };
    expect(decideBy(policyOf(withExamples), lone)).toMatchObject({
      effect: 'reject',
      rules: ['silent-strangers'],
    });
    const young = { ...lone, connection: { ...lone.connection, firstSeen: now } };
    expect(decideBy(policyOf(withExamples), young).effect).toBe('hold');
  });
});
