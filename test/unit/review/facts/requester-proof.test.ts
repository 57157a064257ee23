import type { Connection } from '../../../../src/connections/connection';
import type { ManagedLink } from '../../../../src/connections/managed-endpoint-reader';
import { parseEndpointId } from '../../../../src/connections/resource-id';
import { findLink, type Finding, proofOf, whyNotAsking } from '../../../../src/review/facts/requester-proof';
import { proofText } from '../../../../src/review/facts/requester';
import { linkTo } from '../../../support/samples/managed-links';
import { at, listed } from '../sample-input';

const message = 'Data team, change CHG0042424';
const network = '92b2afd7-e3db-4660-90c5-0da4aebf53d4';

/** A Pending connection of an endpoint that a service of Microsoft made. */
function managed(name: string, change: Partial<Connection> & { endpointName?: string } = {}): Connection {
  const { endpointName = `pe-${name}`, ...rest } = change;
  const endpointText = `/subscriptions/${network}/resourceGroups/vnet-92b2afd7-westeurope-55-rg/providers/Microsoft.Network/privateEndpoints/${endpointName}`;
  return { ...listed({ name }), endpoint: parseEndpointId(endpointText), endpointText, ...rest };
}

const one = managed('one', { message });
const targetId = one.id.target.id;
const ours = linkTo({ targetId, message });
const factory = linkTo({ targetId, type: 'Microsoft.DataFactory/factories', owner: 'contoso-adf' });
const cluster = linkTo({ targetId, type: 'Microsoft.Kusto/clusters', message });

function finding(
  connection: Connection,
  links: readonly ManagedLink[],
  { others = [], strangers = [] }: { others?: readonly Connection[]; strangers?: readonly Connection[] } = {},
): Finding {
  return findLink(connection, {
    listing: { connections: [connection, ...others, ...strangers], malformed: [] },
    links,
    mayBeManaged: (each) => !strangers.includes(each),
  });
}

const whyNot = (found: Finding): string | undefined => (found.kind === 'none' ? found.why : undefined);

test('a message of a link of ours, whole, ties a connection to it', () => {
  expect(finding(one, [ours])).toEqual({ kind: 'found', links: [ours] });
});

test('a name that a service gives ties a connection to the link that it names, whatever the case', () => {
  const named = managed('one', { endpointName: 'Contoso-ADF.kv-shop' });
  expect(finding(named, [factory])).toEqual({ kind: 'found', links: [factory] });
});

test.each<[string, Connection, ManagedLink]>([
  [
    'a sibling factory in the same Microsoft subscription',
    managed('x', { endpointName: 'evil-adf.kv-shop' }),
    factory,
  ],
  ['a name that only begins the same', managed('x', { endpointName: 'contoso-adf.kv-shop2' }), factory],
  ['a name that only ends the same', managed('x', { endpointName: 'my.contoso-adf.kv-shop' }), factory],
  ['the same message in another case', managed('x', { message: message.toUpperCase() }), ours],
  ['a message that contains ours', managed('x', { message: `${message}!` }), ours],
  ['a message with a look-alike letter', managed('x', { message: message.replace('D', '\u216e') }), ours],
  ['no message', managed('x', { message: '' }), linkTo({ targetId, message: '' })],
  [
    'a short message',
    managed('x', { message: 'Please approve.' }),
    linkTo({ targetId, message: 'Please approve.' }),
  ],
  ['eight emoji', managed('x', { message: '🔒'.repeat(8) }), linkTo({ targetId, message: '🔒'.repeat(8) })],
  ['a link to another target', one, linkTo({ targetId: `${targetId}2`, message })],
  [
    'a link to another part',
    managed('x', { message, groupIds: ['blob'] }),
    linkTo({ targetId, message, groupIds: ['dfs'] }),
  ],
  ['no endpoint', { ...one, endpoint: undefined }, ours],
  ['a name without the link’s, of a service without states', one, cluster],
  ['a name in which the link’s goes on', managed('x', { message, endpointName: 'kv-shop2' }), cluster],
])('%s ties nothing', (_, connection, link) => {
  expect(whyNot(finding(connection, [link]))).toBe('no resource of ours is known to ask for it');
});

test('a target and a part are compared without case, and a part that the provider does not tell is not compared', () => {
  const link = linkTo({
    targetId: targetId.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions'),
    message,
    groupIds: ['VAULT'],
  });
  expect(finding({ ...one, groupIds: ['vault'] }, [link]).kind).toBe('found');
  expect(finding({ ...one, groupIds: [] }, [link]).kind).toBe('found');
});

test('a service without states needs the message and the name', () => {
  const named = managed('one', { message, endpointName: 'contosoadx-kv-shop-4f' });
  expect(finding(named, [cluster]).kind).toBe('found');
  // Approved by now, with Postern's own description: the link could be its.
  const before = managed('before', { status: 'Approved', message: 'done', endpointName: 'x.kv-shop' });
  expect(whyNot(finding(named, [cluster], { others: [before] }))).toContain('another connection');
});

describe('two of either are no proof', () => {
  test('a copied message: both hold', () => {
    const copy = managed('copy', { message });
    expect(whyNot(finding(one, [ours], { others: [copy] }))).toContain('another connection');
    expect(whyNot(finding(copy, [ours], { others: [one] }))).toContain('another connection');
  });

  test('the same name from another service: both hold', () => {
    const [mine, workspace] = ['a', 'b'].map((name) =>
      managed(name, { endpointName: 'contoso-adf.KV-shop' }),
    );
    expect(whyNot(finding(mine!, [factory], { others: [workspace!] }))).toContain('another connection');
  });

  test('two links of ours with the message', () => {
    expect(whyNot(finding(one, [ours, linkTo({ targetId, message, owner: 'other' })]))).toContain(
      'several resources',
    );
  });

  test('a link of ours to another target that has the message, too', () => {
    expect(
      whyNot(finding(one, [ours, linkTo({ targetId: `${targetId}2`, message, name: 'else' })])),
    ).toContain('several links');
  });

  test('a link that the name says, and another one that the message says', () => {
    const both = managed('one', { message, endpointName: 'contoso-adf.kv-shop' });
    expect(whyNot(finding(both, [ours, factory]))).toContain('several resources');
  });

  test('a connection without an endpoint, or one that cannot be understood, may be ours', () => {
    const named = managed('one', { endpointName: 'contoso-adf.kv-shop' });
    const bare = { ...managed('bare'), endpoint: undefined, endpointText: undefined };
    expect(whyNot(finding(named, [factory], { others: [bare] }))).toContain('another connection');
    const listing = { connections: [named], malformed: [{ id: '', problem: 'odd' }] };
    const question = { listing, links: [factory], mayBeManaged: () => true };
    expect(whyNot(findLink(named, question))).toContain('cannot be understood');
  });
});

test('a look-alike in a stranger’s own subscription takes nothing from ours', () => {
  const lookAlike = managed('x', { message, endpointName: 'contoso-adf.kv-shop' });
  expect(finding(one, [ours], { strangers: [lookAlike] }).kind).toBe('found');
});

test('connections that were answered are no rivals', () => {
  const answered = ['Approved', 'Rejected', 'Disconnected'].map((status) =>
    managed(status, { status, message }),
  );
  expect(finding(one, [ours], { others: answered }).kind).toBe('found');
});

test('links that share one endpoint are one', () => {
  const [a, b] = ['a', 'b'].map((name) => ({
    ...linkTo({ targetId, message, name }),
    endpointKey: 'shared',
  }));
  expect(finding(one, [a!, b!])).toEqual({ kind: 'found', links: [a, b] });
});

describe('a link as ARM shows it now', () => {
  test.each<[string, ManagedLink | undefined, string | undefined]>([
    ['waits', ours, undefined],
    ['of a service without states', cluster, undefined],
    ['is gone', undefined, 'our link is gone'],
    [
      'is Approved: it proves nothing about a new request',
      { ...ours, status: 'Approved' },
      'our link is Approved, not Pending',
    ],
    [
      'is Disconnected: its target was deleted',
      { ...ours, status: 'Disconnected' },
      'our link is Disconnected, not Pending',
    ],
    ['shows no state yet', { ...ours, status: '' }, 'our link does not show yet that it waits'],
    [
      'is being made',
      { ...ours, provisioningState: 'Provisioning' },
      'the provisioning state of our link is Provisioning',
    ],
    [
      'shows no provisioning state',
      { ...ours, provisioningState: '' },
      'the provisioning state of our link is not shown',
    ],
    [
      'asks for another target by now',
      { ...ours, targetId: `${targetId}2` },
      'our link has changed since it was found',
    ],
    [
      'has another message by now',
      linkTo({ targetId, message: `${message}!` }),
      'our link has changed since it was found',
    ],
  ])('%s', (_, link, why) => {
    const named = managed('one', { message, endpointName: 'kv-shop' });
    expect(whyNotAsking(named, link)?.why).toBe(why);
  });
});

describe('a finding', () => {
  const found: Finding = { kind: 'found', links: [ours] };
  const first = { since: at(-180), endpointKey: 'endpoint', linkKey: ours.endpointKey };
  const proof = (finding_: Finding, before: typeof first | undefined) =>
    proofOf(finding_, 'endpoint', { before, now });
  const now = new Date(at(0));

  test('alone is no proof', () => {
    const since = { since: at(0), endpointKey: 'endpoint', linkKey: ours.endpointKey };
    expect(proof(found, undefined)).toMatchObject({ kind: 'found', found: since });
  });

  test.each<[number, string]>([
    [-179, 'found'],
    [-180, 'proven'],
    [60, 'found'],
  ])('that was first made %i s from now is %s', (seconds, kind) => {
    expect(proof(found, { ...first, since: at(seconds) }).kind).toBe(kind);
  });

  test.each(['linkKey', 'endpointKey'])('with another %s begins anew', (key) => {
    const again = proof(found, { ...first, [key]: 'another' });
    expect(again).toMatchObject({ kind: 'found', found: { since: at(0) } });
  });

  test('keeps what the row has, so that nothing is stored again', () => {
    const again = proof(found, first);
    expect(again.kind === 'none' ? undefined : again.found).toBe(first);
  });

  test('is told in a sentence', () => {
    expect(proofText(proof(found, first))).toBe(`proven: the message is that of ${ours.id}`);
    expect(proofText(proof({ kind: 'found', links: [factory] }, undefined))).toBe(
      `found once: the endpoint's name is that of ${factory.id}; a second review, three minutes later, must find the same`,
    );
    expect(proofText(proof(finding(one, []), first))).toBe(
      'not proven: no resource of ours is known to ask for it',
    );
  });
});
