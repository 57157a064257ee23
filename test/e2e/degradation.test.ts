import { QueueServiceClient } from '@azure/storage-queue';
import { localIdentity, type FaultRule } from '../../dev/azure';
import { isOpen } from '../../src/operations/operation';
import { until } from '../../dev/lib/until';
import { startFragileSystem, type FragileSystem } from '../support/rigs/fragile-system';

let system: FragileSystem;

beforeAll(async () => {
  system = await startFragileSystem();
});

afterAll(() => system.close());

/** Three requests: the write of the first is under way, the second waits for its turn, the third comes meanwhile. */
interface Requests {
  readonly busy: string;
  readonly idle: string;
}

async function twoRequests(name: string): Promise<Requests> {
  const busy = await system.vault(`kv-${name}-busy`);
  const idle = await system.vault(`kv-${name}-idle`);
  await Promise.all([system.ask(busy, `${name}-1`), system.ask(busy, `${name}-2`)]);
  await until('the first write runs and the second waits', async () => {
    const states = (await system.operations(busy)).map(({ state }) => state);
    return states.toSorted().join() === 'planned,running';
  });
  return { busy, idle };
}

async function isSettled({ busy, idle }: Requests): Promise<boolean> {
  const operations = [...(await system.operations(busy)), ...(await system.operations(idle))];
  return operations.length === 3 && !operations.some(isOpen);
}

async function expectAllDone(name: string, requests: Requests): Promise<void> {
  await until('every request came to its end', () => isSettled(requests));
  const { busy, idle } = requests;
  expect(system.statusOf(busy, `${name}-1`)).toBe('Approved');
  expect(system.statusOf(busy, `${name}-2`)).toBe('Approved');
  expect(system.statusOf(idle, `${name}-3`)).toBe('Approved');
  const all = [...(await system.ledger(busy)), ...(await system.ledger(idle))];
  // An attempt that was on its way when the trouble began, and got no answer, expires; the next one has the last word.
  const isUnanswered = ({ kind, operation }: (typeof all)[number]) =>
    kind === 'expired' && operation?.lastHttpStatus !== 202;
  const records = all.filter((record) => !isUnanswered(record));
  const kinds = records.map(({ kind }) => kind).filter((kind) => kind !== 'found');
  expect(kinds.toSorted()).toEqual([...Array(3).fill('applied'), ...Array(3).fill('decided')]);
  expect(linesWith(/moved to "/)).toBe(0);
}

function ourWrites(): number {
  const { records } = system.azure.requests;
  return records.filter((each) => each.tookEffect !== undefined && each.principal === localIdentity.objectId)
    .length;
}

function linesWith(pattern: RegExp): number {
  return system.logs.lines.filter(({ message }) => pattern.test(message)).length;
}

function answered(area: string, status: number | 'reset'): number {
  return system.azure.requests.records.filter((each) => each.area === area && each.status === status).length;
}

const armPaths = '^/(subscriptions|providers)';
const identityPath = '^/msi/token';

function fault(rule: FaultRule): () => void {
  const id = system.azure.faults.add(rule);
  return () => void system.azure.faults.remove(id);
}

function cut(...names: (keyof FragileSystem['relays'])[]): () => void {
  for (const name of names) system.relays[name].cut();
  return () => names.forEach((name) => system.relays[name].restore());
}

function refusedBy(...names: (keyof FragileSystem['relays'])[]): number {
  return names.reduce((sum, name) => sum + system.relays[name].refused, 0);
}

/** A new process has neither token nor policy. */
function withoutMemory(end: () => void): () => void {
  system.host.kill('SIGKILL');
  return end;
}

interface Trouble {
  readonly name: string;
  readonly what: string;
  /** Takes it away; the returned function brings it back. */
  readonly begin: () => () => void;
  /** Grows with every try of Postern's that failed by it. */
  readonly failures: () => number;
  readonly enough: number;
}

const troubles: readonly Trouble[] = [
  {
    name: 'tables',
    what: 'the tables are away for longer than a message is delivered again',
    begin: () => cut('table'),
    // Of one message the fourth failure: here, three would make poison of it.
    failures: () => linesWith(/again in 8 s.*storage is unavailable/),
    enough: 1,
  },
  {
    name: 'storage',
    what: 'all of storage is away',
    begin: () => cut('blob', 'queue', 'table'),
    failures: () => refusedBy('blob', 'queue', 'table'),
    enough: 20,
  },
  {
    name: 'arm',
    what: 'ARM refuses every connection',
    begin: () => cut('arm'),
    failures: () => refusedBy('arm'),
    enough: 10,
  },
  {
    name: 'arm503',
    what: 'ARM answers 503',
    begin: () =>
      fault({ path: armPaths, principal: localIdentity.objectId, effect: { kind: 'status', status: 503 } }),
    failures: () => answered('arm', 503),
    enough: 6,
  },
  {
    name: 'identity',
    what: 'the identity endpoint answers 500',
    begin: () => withoutMemory(fault({ path: identityPath, effect: { kind: 'status', status: 500 } })),
    failures: () => answered('identity', 500),
    enough: 6,
  },
  {
    name: 'token',
    what: 'ARM refuses every token',
    begin: () =>
      fault({ path: armPaths, principal: localIdentity.objectId, effect: { kind: 'status', status: 401 } }),
    failures: () => answered('arm', 401),
    enough: 6,
  },
];

describe.each(troubles)('while $what', ({ name, begin, failures, enough }) => {
  test('nothing is written; afterwards every request comes to its end', async () => {
    const requests = await twoRequests(name);
    const before = failures();
    const end = begin();
    try {
      await system.ask(requests.idle, `${name}-3`);
      // What was recorded and announced before the trouble began may still be on its way.
      await until('Postern met the trouble', () => failures() - before >= 2);
      const writes = ourWrites();
      await until('Postern met the trouble again and again', () => failures() - before >= enough);
      expect(ourWrites()).toBe(writes);
      expect(system.statusOf(requests.idle, `${name}-3`)).toBe('Pending');
      expect(system.statusOf(requests.busy, `${name}-2`)).toBe('Pending');
    } finally {
      end();
    }
    await expectAllDone(name, requests);
  });
});

test('while Application Insights is away, every request is answered and recorded all the same', async () => {
  const end = cut('ingestion');
  try {
    const requests = await twoRequests('insights');
    await system.ask(requests.idle, 'insights-3');
    await expectAllDone('insights', requests);
    expect(linesWith(/Application Insights did not take/)).toBeGreaterThan(0);
  } finally {
    end();
  }
});

test('while the policy is away, the one that was loaded goes on deciding; a new process decides nothing until it is back', async () => {
  await system.policy.remove();
  const recordsOf = async (kind: string): Promise<number> =>
    (await system.ledger('')).filter((record) => record.kind === kind).length;
  await until('Postern told that the policy is away', async () => (await recordsOf('refused')) > 0);
  const requests = await twoRequests('policy');

  system.host.kill('SIGKILL');
  await until('Postern told that it decides nothing', async () => (await recordsOf('suspended')) > 0);
  const writes = ourWrites();
  await system.ask(requests.idle, 'policy-3');
  await until(
    'the new request waits',
    () => linesWith(/kv-policy-idle: again in .* policy did not load/) > 1,
  );
  expect(ourWrites()).toBe(writes);
  expect(await system.ledger(requests.idle)).toEqual([]);

  await system.policy.put();
  await expectAllDone('policy', requests);
});

const notOurs = JSON.stringify({ version: 1, kind: 'target', id: 7 });
const notUtf8 = Buffer.from([0x7b, 0xff, 0x7d]).toString('base64');

test.each([
  ['reviews', 'is no request', Buffer.from(notOurs).toString('base64'), notOurs],
  ['reviews', 'is not base64', 'plain, text', '"plain, text"'],
  ['operations', 'is not UTF-8', notUtf8, `"${notUtf8}"`],
  ['reviews', 'is a number', '1234', '1234'],
])(
  'what %s hold and nobody can read, because it %s, is told of with its cause, and ends',
  async (name, _, raw, told) => {
    const queues = QueueServiceClient.fromConnectionString(system.azurite.connectionString);
    await queues.getQueueClient(name).sendMessage(raw);
    const abandoned = async () =>
      (await system.ledger('')).filter(({ kind, message }) => kind === 'abandoned' && message === told);
    await until('it is told of', async () => (await abandoned()).length > 0);
    expect(await abandoned()).toMatchObject([{ reason: expect.stringContaining('MESSAGE_INVALID') }]);
    const poison = queues.getQueueClient(`${name}-poison`);
    await until('it is gone', async () => (await poison.getProperties()).approximateMessagesCount === 0);
  },
);
