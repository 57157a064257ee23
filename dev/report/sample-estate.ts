import type { AuditRecord } from '../../src/audit/audit-record';
import { addSeconds } from '../../src/base/clock';
import { loadPolicy } from '../../src/policy/compile-policy';
import { endpointAsRequester, type Facts } from '../../src/policy/facts/facts';
import { knownMicrosoftTenants } from '../../src/policy/facts/microsoft-tenants';
import type { Policy } from '../../src/policy/policy';
import { buildRow } from '../../src/report/build-row';
import { History } from '../../src/report/history';
import { inReportOrder } from '../../src/report/order';
import type { Report } from '../../src/report/row';
import { verdictsOf } from '../../src/report/verdicts';

/** When the sample reports are made. */
export const sampleNow = new Date('2026-06-01T08:00:00.000Z');

const [microsoft = ''] = knownMicrosoftTenants;
const own = 'aaaaaaaa-0000-4000-8000-00000000000a';
const partner = 'bbbbbbbb-0000-4000-8000-00000000000b';
const owner = (at: number): string => `99999999-0000-4000-8000-00000000000${at}`;
const zones = [
  ['11111111-0000-4000-8000-000000000001', 'shop-prod', ['corp', 'landing-zones', 'root']],
  ['11111111-0000-4000-8000-000000000002', 'shop-test', ['corp', 'landing-zones', 'root']],
  ['11111111-0000-4000-8000-000000000003', 'data-prod', ['data', 'landing-zones', 'root']],
  ['22222222-0000-4000-8000-000000000004', 'playground', ['sandbox', 'root']],
] as const;

const policyText = `version: 1
mode: enforce
rules:
  - name: landing-zones
    effect: approve
    when: has(requester.managementGroups) && "landing-zones" in requester.managementGroups
    reason: The requester is in a landing zone
  - name: strangers
    on: [Pending, Approved]
    effect: reject
    when: has(endpoint.tenant) && endpoint.tenant == "other"
    reason: The endpoint belongs to another tenant
`;

const services = [
  ['Microsoft.KeyVault/vaults', 'kv', 'vault'],
  ['Microsoft.Storage/storageAccounts', 'st', 'blob'],
  ['Microsoft.Sql/servers', 'sql', 'sqlServer'],
  ['Microsoft.ContainerRegistry/registries', 'cr', 'registry'],
  ['Microsoft.Search/searchServices', 'srch', 'searchService'],
] as const;
const areas = ['payments', 'catalog', 'identity', 'reports', 'orders', 'images', 'ledger', 'mail'] as const;

/** Returns the policy of the sample estate. */
export function samplePolicy(): Policy {
  const load = loadPolicy([{ path: 'policy.yaml', text: policyText }]);
  if (load.kind !== 'loaded') throw new Error('The policy of the sample estate does not load');
  return load.policy;
}

/** Makes the report of an estate with `count` connections, the same each time: about eight for each target. */
export function sampleReport(count: number): Report {
  const policy = samplePolicy();
  const history = new History();
  const all = Array.from({ length: count }, (_, at) => sampleFacts(at, count));
  all.forEach((facts, at) => recordsOf(facts, at).forEach((record) => history.add(record)));
  const rows = all.map((facts) => {
    const { connection, endpoint } = facts;
    const found = history.find({
      connection: connection.id,
      status: connection.status,
      endpoint: endpoint?.id,
    });
    return buildRow({
      facts,
      history: found,
      verdicts: verdictsOf(policy, facts, sampleNow),
      microsoftTenants: policy.microsoftTenants,
      now: sampleNow,
    });
  });
  return {
    rows: inReportOrder(rows),
    unread: [],
    source: {
      generatedAt: sampleNow.toISOString(),
      connections: 'connections.jsonl',
      policy: { path: 'policies', digest: policy.digest, mode: policy.mode },
      ledger: 'read',
    },
  };
}

/** Returns the facts of one connection; its number decides everything about it. */
export function sampleFacts(at: number, count: number): Facts {
  const targetAt = Math.floor((at * 7919) % Math.max(1, count / 8));
  const [type, short, groupId] = pick(services, targetAt);
  const area = pick(areas, targetAt * 3 + 1);
  const targetName = `${short}-${area}-${String(targetAt).padStart(4, '0')}`;
  const subscriptionId = owner((targetAt % 3) + 1);
  const target = `/subscriptions/${subscriptionId}/resourceGroups/rg-${area}/providers/${type}/${targetName}`;
  const [zone, zoneName, managementGroups] = pick(zones, mixed(at, 3) % 10 < 8 ? mixed(at, 5) % 3 : 3);
  const kind = mixed(at, 11) % 40;
  const tenantId = kind === 0 ? partner : kind === 1 ? microsoft : own;
  const from =
    kind === 0
      ? '33333333-0000-4000-8000-000000000005'
      : kind === 1
        ? '44444444-0000-4000-8000-000000000006'
        : zone;
  const name = `pe-${pick(areas, mixed(at, 17))}-${String(at).padStart(6, '0')}`;
  const endpoint = {
    id: `/subscriptions/${from}/resourceGroups/rg-net/providers/Microsoft.Network/privateEndpoints/${name}`,
    subscriptionId: from,
    resourceGroup: 'rg-net',
    name,
    tenantId,
  };
  const status = pick(
    ['Approved', 'Approved', 'Approved', 'Approved', 'Pending', 'Rejected', 'Disconnected'],
    mixed(at, 23),
  );
  return {
    connection: {
      id: `${target}/privateEndpointConnections/${targetName}.${name}`,
      name: `${targetName}.${name}`,
      status,
      message: `for ${pick(areas, mixed(at, 29))}, CHG${1_000_000 + (at % 9_000_000)}`,
      groupIds: [groupId],
      provisioningState: 'Succeeded',
      firstSeen: sampleNow,
    },
    endpoint,
    requester:
      tenantId === own
        ? { ...endpointAsRequester(endpoint), subscriptionName: zoneName, managementGroups }
        : undefined,
    target: {
      id: target,
      type,
      subscriptionId,
      resourceGroup: `rg-${area}`,
      name: targetName,
      tenantId: own,
    },
    consumer: { pending: 0, approved: 1, rejected: 0, disconnected: 0 },
  };
}

/** Returns what the ledger says about a connection: nothing about every twelfth one. */
function recordsOf({ connection, endpoint, target }: Facts, at: number): AuditRecord[] {
  const story = mixed(at, 31) % 12;
  if (story === 0) return [];
  const decidedAt = addSeconds(sampleNow, -((mixed(at, 37) % 600) + 1) * 86_400);
  const isPerson = story === 1;
  const ends = story === 2 ? addSeconds(decidedAt, 400 * 86_400).toISOString() : undefined;
  const effect = connection.status === 'Rejected' ? 'reject' : 'approve';
  const decided: AuditRecord = {
    version: 1,
    id: `${at}|decided`,
    kind: 'decided',
    at: decidedAt.toISOString(),
    decisionId: `d-${at}`,
    target: target.id,
    connection: connection.id,
    endpoint: endpoint?.id,
    status: connection.status === 'Disconnected' ? 'Disconnected' : 'Pending',
    firstSeen: decidedAt.toISOString(),
    effect: connection.status === 'Pending' || story === 3 ? 'hold' : effect,
    rules: isPerson || story === 3 ? [] : [effect === 'reject' ? 'strangers' : 'landing-zones'],
    reason: isPerson ? 'Agreed with the owner of the target' : 'The requester is in a landing zone',
    by: isPerson ? 'Anna Approver (0a000000-0000-4000-8000-000000000002)' : undefined,
    expiresAt: ends,
    mode: 'enforce',
  };
  const isWritten = ['Approved', 'Rejected'].includes(connection.status) && story !== 3;
  return isWritten
    ? [decided, { ...decided, id: `${at}|end`, kind: 'applied', reason: 'Read back' }]
    : [decided];
}

function pick<T>(values: readonly T[], at: number): T {
  const value = values[at % values.length];
  if (value === undefined) throw new Error('There is nothing to choose from');
  return value;
}

/** Mixes a number with a salt: evenly spread, and the same each time. */
function mixed(at: number, salt: number): number {
  let value = Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 1;
}
