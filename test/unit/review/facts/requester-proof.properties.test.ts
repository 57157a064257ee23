import * as fc from 'fast-check';
import type { Connection } from '../../../../src/connections/connection';
import type { ManagedLink } from '../../../../src/connections/managed-endpoint-reader';
import { parseEndpointId } from '../../../../src/connections/resource-id';
import { findLink, proofOf, whyNotAsking } from '../../../../src/review/facts/requester-proof';
import { linkTo } from '../../../support/samples/managed-links';
import { at, listed } from '../sample-input';

/** Few texts, so that connections and links meet often. */
const messages = fc.constantFrom('', 'Please approve.', 'Data team, change 1', 'Data team, change 2');
const names = fc.constantFrom('kv-shop', 'kv-bank');
const owners = fc.constantFrom('contoso-adf', 'fabrikam-adf');
const targetId = listed().id.target.id;

const connections: fc.Arbitrary<readonly Connection[]> = fc
  .array(
    fc.record({
      owner: owners,
      name: names,
      message: messages,
      status: fc.constantFrom('Pending', 'Pending', 'Approved', 'Odd'),
      groupIds: fc.constantFrom<readonly string[]>([], ['vault'], ['dfs']),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((list) =>
    list.map(({ owner, name, ...seeded }, index) => {
      const endpointText = `/subscriptions/92b2afd7-e3db-4660-90c5-0da4aebf53d4/resourceGroups/vnet/providers/Microsoft.Network/privateEndpoints/${owner}.${name}`;
      const endpoint = parseEndpointId(endpointText);
      return { ...listed({ name: `c${index}` }), ...seeded, endpoint, endpointText };
    }),
  );

const links: fc.Arbitrary<readonly ManagedLink[]> = fc.array(
  fc
    .record({
      type: fc.constantFrom(
        'Microsoft.Search/searchServices' as const,
        'Microsoft.DataFactory/factories' as const,
        'Microsoft.Kusto/clusters' as const,
      ),
      owner: owners,
      name: names,
      message: messages,
      targetId: fc.constantFrom(targetId, targetId, `${targetId}2`),
      groupIds: fc.constantFrom<readonly string[]>(['vault'], ['dfs']),
    })
    .map(linkTo),
  { maxLength: 5 },
);

const worlds = fc.record({ connections, links: links.map(once) });

/** Each link exists once in ARM. */
function once(list: readonly ManagedLink[]): readonly ManagedLink[] {
  return [...new Map(list.map((link) => [link.id, link])).values()];
}

const mayBeManaged = (): boolean => true;

function foundIn(connections: readonly Connection[], all: readonly ManagedLink[]): Map<string, string> {
  const listing = { connections, malformed: [] };
  return new Map(
    connections
      .filter(({ status }) => status === 'Pending')
      .flatMap((connection): [string, string][] => {
        const finding = findLink(connection, { listing, links: all, mayBeManaged });
        return finding.kind === 'found' ? [[connection.id.key, finding.links[0]?.endpointKey ?? '']] : [];
      }),
  );
}

test('one link belongs to one connection at most, and one connection to one link', () => {
  let found = 0;
  fc.assert(
    fc.property(worlds, ({ connections: all, links: ours }) => {
      const pairs = [...foundIn(all, ours)];
      found += pairs.length;
      expect(new Set(pairs.map(([, link]) => link)).size).toBe(pairs.length);
    }),
    { numRuns: 2_000 },
  );
  // The property would hold for a search that finds nothing.
  expect(found).toBeGreaterThan(50);
});

test('what is found asks for this target and ties by its whole name or its whole long message', () => {
  fc.assert(
    fc.property(worlds, ({ connections: all, links: ours }) => {
      const found = foundIn(all, ours);
      for (const connection of all) {
        const link = ours.find(({ endpointKey }) => endpointKey === found.get(connection.id.key));
        if (link === undefined) continue;
        expect(link.targetId).toBe(targetId);
        if (link.tie.kind === 'name') expect(link.tie.endpointName).toBe(connection.endpoint?.name);
        else expect([link.tie.message, link.tie.message.length > 15]).toEqual([connection.message, true]);
      }
    }),
    { numRuns: 500 },
  );
});

test('the order of connections and links changes nothing', () => {
  fc.assert(
    fc.property(worlds, ({ connections: all, links: ours }) => {
      expect(foundIn(all.toReversed(), ours.toReversed())).toEqual(
        new Map([...foundIn(all, ours)].toReversed()),
      );
    }),
    { numRuns: 500 },
  );
});

test('another connection, whatever it says, never makes anybody else found: a stranger can only force a hold', () => {
  fc.assert(
    fc.property(worlds, connections, ({ connections: all, links: ours }, more) => {
      const strangers = more.map((each, index) => ({ ...each, id: listed({ name: `s${index}` }).id }));
      const before = foundIn(all, ours);
      for (const [key, link] of foundIn([...all, ...strangers], ours))
        if (all.some(({ id }) => id.key === key)) expect(before.get(key)).toBe(link);
    }),
    { numRuns: 500 },
  );
});

test('only a link that waits is asking, whatever its state and its provisioning state are', () => {
  const connection = { ...listed(), message: 'Data team, change 1' };
  const link = linkTo({ targetId, message: 'Data team, change 1' });
  fc.assert(
    fc.property(
      fc.oneof(fc.constantFrom('Pending', 'Approved', 'Rejected', 'Disconnected', ''), fc.string()),
      fc.oneof(fc.constantFrom('Succeeded', 'Updating', ''), fc.string()),
      (status, provisioningState) => {
        const isAsking = whyNotAsking(connection, { ...link, status, provisioningState }) === undefined;
        expect(isAsking).toBe(
          status.toLowerCase() === 'pending' && provisioningState.toLowerCase() === 'succeeded',
        );
      },
    ),
  );
});

test('nothing is proven by one review, or by two that are less than three minutes apart', () => {
  const link = linkTo({ targetId, message: 'Data team, change 1' });
  fc.assert(
    fc.property(
      fc.option(fc.integer({ min: -400, max: 400 }), { nil: undefined }),
      fc.boolean(),
      (seconds, same) => {
        const before =
          seconds === undefined
            ? undefined
            : { since: at(seconds), endpointKey: 'endpoint', linkKey: same ? link.endpointKey : 'another' };
        const proof = proofOf({ kind: 'found', links: [link] }, 'endpoint', { before, now: new Date(at(0)) });
        expect(proof.kind === 'proven').toBe(same && seconds !== undefined && seconds <= -180);
      },
    ),
  );
});
