import { QueueServiceClient } from '@azure/storage-queue';
import type { FaultEffect } from '../../dev/azure';
import type { JsonObject } from '../../dev/azure/http/message';
import { until } from '../../dev/lib/until';
import { startFragileSystem, type FragileSystem } from '../support/rigs/fragile-system';

let system: FragileSystem;

beforeAll(async () => {
  system = await startFragileSystem((azure) => ({ EVENT_TOPIC_ENDPOINT: `${azure.armUrl}/api/events` }));
});

afterAll(() => system.close());

async function requestOn(name: string): Promise<string> {
  const vault = await system.vault(name);
  await system.ask(vault, `${name}-pe`);
  return vault;
}

const eventsOf = (vault: string): readonly JsonObject[] =>
  system.azure.topic.events.filter(({ source }) => source === vault);

const isApproved = (vault: string, name: string): boolean =>
  system.statusOf(vault, `${name}-pe`) === 'Approved';

async function expectToldOnce(vault: string): Promise<void> {
  const records = (await system.ledger(vault)).filter(({ kind }) => kind === 'decided' || kind === 'applied');
  const events = eventsOf(vault);
  expect(events.map(({ type }) => type).toSorted()).toEqual([
    'Postern.Connection.Decided',
    'Postern.Operation.Applied',
  ]);
  expect(events.map(({ id }) => id).toSorted()).toEqual(records.map(({ id }) => id).toSorted());
}

function troubled(effect: FaultEffect): () => void {
  const id = system.azure.faults.add({ path: '^/api/events', effect });
  return () => void system.azure.faults.remove(id);
}

async function waitingIn(queue: string): Promise<number> {
  const client = QueueServiceClient.fromConnectionString(system.azurite.connectionString).getQueueClient(
    queue,
  );
  if (!(await client.exists())) return 0;
  return (await client.getProperties()).approximateMessagesCount ?? 0;
}

test('a decision and its end are told as events that name the connection, the rule and the end', async () => {
  const vault = await requestOn('kv-told');
  await until('both events came', () => eventsOf(vault).length === 2);
  await expectToldOnce(vault);
  const [decided, applied] = eventsOf(vault);
  expect(decided).toMatchObject({
    specversion: '1.0',
    source: vault,
    subject: expect.stringContaining(`${vault}/privateEndpointConnections/`),
    data: { version: 1, effect: 'approve', mode: 'enforce', status: 'Pending', message: 'please' },
  });
  expect(applied).toMatchObject({ subject: decided?.['subject'], data: { operation: { attempt: 1 } } });
  expect(await waitingIn('outcomes')).toBe(0);
});

test.each<[string, FaultEffect]>([
  ['answers 503', { kind: 'status', status: 503 }],
  ['cuts every connection', { kind: 'reset', when: 'before' }],
])(
  'while the topic %s, requests are answered all the same, and told of afterwards',
  async (what, effect) => {
    const name = what.startsWith('cuts') ? 'kv-cut' : 'kv-away';
    const end = troubled(effect);
    let vault: string;
    try {
      vault = await requestOn(name);
      await until('it is approved', () => isApproved(vault, name));
      await until('its end is on record', async () =>
        (await system.ledger(vault)).some(({ kind }) => kind === 'applied'),
      );
      expect(eventsOf(vault)).toEqual([]);
    } finally {
      end();
    }
    await until('both events came', () => eventsOf(vault).length === 2);
    await expectToldOnce(vault);
  },
  120_000,
);

test('what the topic refuses holds nothing up, and ends in the poison queue, with its id in the log', async () => {
  const end = troubled({ kind: 'status', status: 400, code: 'BadRequest', message: 'no' });
  let vault: string;
  try {
    vault = await requestOn('kv-refused');
    await until('it is approved', () => isApproved(vault, 'kv-refused'));
    await until('both are poison', async () => (await waitingIn('outcomes-poison')) === 2);
  } finally {
    end();
  }
  const [decided] = await system.ledger(vault);
  const lines = system.logs.lines.map(({ message }) => message).join('\n');
  expect(lines).toContain(`The topic did not take ${decided?.id}: it refused: HTTP 400 BadRequest no`);
  expect(eventsOf(vault)).toEqual([]);
});
