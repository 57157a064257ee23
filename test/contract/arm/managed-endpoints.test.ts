import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allManagedEndpointActions, managedEndpointActions } from '../../../src/azure/roles/actions';
import { managedServices } from '../../../dev/azure/model/managed-services';
import {
  createManagedWorld,
  dataGroup,
  dataSubscription,
  delegated,
  type ManagedWorld,
} from '../../support/rigs/managed-world';
import { projectRoot } from '../../support/repo/project';

const message = 'Data team, change CHG0042424';
const services = Object.keys(managedServices).filter((service) => service !== 'synapse');
const ours = { owner: 'contoso', name: 'kv-shop', message, ownerGroup: dataGroup };

/** The name of the endpoint that a service makes for our resource. */
const endpointOf = (service: string): string => managedServices[service]!.endpointName('contoso', 'kv-shop');

let world: ManagedWorld;
afterEach(() => world.azure.close());

describe.each(services)('an endpoint that %s makes', (service) => {
  test('for us is approved after two reviews, and for somebody else it is held', async () => {
    world = await createManagedWorld();
    const { owner, ...theirs } = { ...ours, name: 'kv-bank', message: 'Bank team, change CHG0042425' };
    await world.ask({ service, ...ours });
    await world.ask({ service, owner: `${owner}-bank`, ...theirs, ownerGroup: undefined });
    await world.review(100);
    expect(world.statuses()[endpointOf(service)]).toBe('Pending');
    await world.rig.run(300);
    const statuses = Object.values(world.statuses()).toSorted();
    expect([world.statuses()[endpointOf(service)], statuses]).toEqual(['Approved', ['Approved', 'Pending']]);
    expect(world.proofs()[endpointOf(service)]).toMatch(/^proven: the .* is that of \/subscriptions\/4444/);
  });

  test('for us is held as soon as somebody else’s could be it', async () => {
    world = await createManagedWorld();
    await world.ask({ service, ...ours });
    await world.review(100);
    await world.ask({ service: 'synapse', ...ours, ownerGroup: undefined });
    // A name or a message of ours, in another subscription of Microsoft.
    await world.ask({
      service: service === 'front-door' ? 'search' : 'front-door',
      ...ours,
      owner: 'x',
      name: 'copy',
      ownerGroup: undefined,
    });
    await world.rig.run(400);
    expect(Object.values(world.statuses())).toEqual(['Pending', 'Pending', 'Pending']);
    expect(world.proofs()[endpointOf(service)]).toContain('not proven: another connection');
  });

  test('again, after ours was approved, is held: the link waits no longer', async () => {
    world = await createManagedWorld();
    await world.ask({ service, ...ours });
    await world.review(400);
    expect(world.statuses()[endpointOf(service)]).toBe('Approved');
    const isByName = !managedServices[service]!.passesMessage;
    const second = isByName ? 'synapse' : 'search';
    await world.ask({
      service: second,
      ...ours,
      owner: isByName ? 'CONTOSO' : 'x-kv-shop',
      ownerGroup: undefined,
    });
    await world.review(400);
    const others = Object.entries(world.statuses()).filter(([name]) => name !== endpointOf(service));
    expect(others.map(([, status]) => status)).toEqual(['Pending']);
  });
});

test('our deleted resource proves nothing, also while the index still shows it', async () => {
  world = await createManagedWorld();
  await world.ask({ service: 'data-factory', ...ours });
  const factory = `${dataGroup}/providers/Microsoft.DataFactory/factories/contoso`;
  const row = world.azure.world.planted.get(factory.toLowerCase());
  world.azure.control.uproot(factory);
  await world.review(400);
  expect(world.statuses()).toEqual({ 'contoso.kv-shop': 'Pending' });
  // The index shows the factory, and ARM does not.
  world.azure.control.plant(row!);
  world.rig.clock.advance(10);
  await world.review(400);
  expect(world.statuses()).toEqual({ 'contoso.kv-shop': 'Pending' });
});

test('a resource of a customer, in a subscription that is delegated to us, is not ours', async () => {
  world = await createManagedWorld();
  const ownerGroup = `/subscriptions/${delegated}/resourceGroups/rg-data`;
  for (const service of ['search', 'data-factory', 'data-explorer'])
    await world.ask({ service, ...ours, message: `${message} ${service}`, ownerGroup });
  await world.review(400);
  expect(Object.values(world.statuses())).toEqual(['Pending', 'Pending', 'Pending']);
});

test('a stranger’s own endpoint with our name and our message is held, and ours beside it is approved', async () => {
  world = await createManagedWorld();
  await world.askAsStranger('contoso.kv-shop', message);
  await world.ask({ service: 'data-factory', ...ours });
  await world.ask({ service: 'search', ...ours });
  await world.review(400);
  await world.rig.run(400);
  const statuses = [...world.azure.world.targets.values()]
    .flatMap(({ connections }) => [...connections.values()])
    .map(({ endpointId, status }) => [endpointId.split('/')[2], status]);
  expect(statuses.map(([subscription = '', status]) => [subscription.slice(0, 4), status])).toEqual([
    ['5555', 'Pending'],
    ['92b2', 'Approved'],
    ['92b2', 'Approved'],
  ]);
});

test.each([
  "x' or 1 == 1 or name == '.kv",
  'contoso\u0430.kv-shop',
  'contoso .kv-shop',
  'co.kv-shop',
  `${'a'.repeat(64)}.kv`,
])('the endpoint’s name %j becomes part of no query', async (name) => {
  world = await createManagedWorld();
  await expect(world.arm.managedEndpoints.findNamed([name], world.homeTenant)).resolves.toEqual([]);
  expect(world.readsOfOurs()).toEqual([]);
});

test('a factory costs one query and two reads, whatever the number of its endpoints', async () => {
  world = await createManagedWorld();
  for (const name of ['kv-a', 'kv-b', 'kv-c', 'kv-d'])
    await world.ask({ service: 'data-factory', ...ours, name });
  world.azure.requests.clear();
  await world.rig.takeRequest(world.rig.request());
  expect(world.readsOfOurs().map(({ area }) => area)).toEqual(['graph', 'arm', 'arm']);
});

test('a link that is tied by its message costs one query and one read', async () => {
  world = await createManagedWorld();
  await world.ask({ service: 'search', ...ours });
  world.azure.requests.clear();
  await world.rig.takeRequest(world.rig.request());
  expect(world.readsOfOurs().map(({ area }) => area)).toEqual(['graph', 'arm']);
});

test('more than 50 reads are not made: nothing is proven then', async () => {
  world = await createManagedWorld();
  for (let index = 0; index < 51; index += 1) {
    const id = `${dataGroup}/providers/Microsoft.Kusto/clusters/cluster-${index}`;
    world.azure.control.plant({ id, body: () => ({ properties: {} }) });
  }
  await world.ask({ service: 'data-explorer', ...ours });
  world.azure.requests.clear();
  await world.review(400);
  expect(world.statuses()).toEqual({ 'contoso-kv-shop-mpe': 'Pending' });
  expect(world.proofs()['contoso-kv-shop-mpe']).toContain('could not be searched');
  expect(world.readsOfOurs().filter(({ area }) => area === 'arm')).toEqual([]);
});

describe('the rights', () => {
  const { actions } = JSON.parse(
    readFileSync(join(projectRoot, 'infra/roles/postern-reader.json'), 'utf8'),
  ) as {
    actions: string[];
  };
  const ownerTypeOf = (service: string): string => managedServices[service]!.ownerType;
  const named = services.filter((service) => service !== 'grafana');

  test.each(named)('of the reader role are enough for %s', async (service) => {
    world = await createManagedWorld({ actions });
    await world.ask({ service, ...ours });
    await world.review(400);
    expect(world.statuses()).toEqual({ [endpointOf(service)]: 'Approved' });
  });

  test('for Grafana are named by no role', async () => {
    world = await createManagedWorld({ actions });
    await world.ask({ service: 'grafana', ...ours });
    await world.review(400);
    expect(world.statuses()).toEqual({ [endpointOf('grafana')]: 'Pending' });
  });

  const each = named.flatMap((service) =>
    (managedEndpointActions as Record<string, readonly string[]>)[ownerTypeOf(service)]!.map(
      (action): [string, string] => [action, service],
    ),
  );

  test.each(each)('%s is needed for %s', async (action, service) => {
    world = await createManagedWorld({ actions: actions.filter((held) => held !== action) });
    await world.ask({ service, ...ours });
    await world.review(400);
    expect(world.statuses()).toEqual({ [endpointOf(service)]: 'Pending' });
  });

  test('are all in the role', () => {
    expect(allManagedEndpointActions.filter((action) => !actions.includes(action))).toEqual([]);
    expect(dataGroup).toContain(dataSubscription);
  });
});
