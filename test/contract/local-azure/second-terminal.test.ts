import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localIdentitySecret, startLocalAzure, type StartedAzure } from '../../../dev/azure';
import { appRoles } from '../../../dev/lib/app-roles';
import { ask } from '../../../dev/start/second-terminal/ask';
import type { Running } from '../../../dev/start/second-terminal/running-file';
import { person, seedWorld, targetIdOf } from '../../../dev/start/world';

/** `npm start -- ask`, against the local Azure as `npm start` makes it, over TLS. */
let azure: StartedAzure;
let running: Running;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-test-'));
  const certFile = join(folder, 'local-azure.pem');
  azure = await startLocalAzure({
    speed: 100,
    roles: appRoles,
    certFile,
    identity: { userAssigned: [person] },
  });
  await seedWorld(azure);
  const { armUrl, identityUrl } = azure;
  running = { armUrl, identityUrl, identitySecret: localIdentitySecret, certFile } as Running;
});
afterAll(async () => {
  await azure.close();
  await rm(folder, { recursive: true });
});

const wanted = { target: 'kv-payments', name: undefined, message: 'Hello', subscription: undefined };

/** Returns the endpoints and messages of kv-payments' connections. */
function requests(): Record<string, string | undefined> {
  const connections = azure.world.targets.get(targetIdOf('kv-payments').toLowerCase())?.connections;
  return Object.fromEntries(
    [...(connections?.values() ?? [])].map(({ endpointId, description }) => [
      endpointId.split('/').at(-1) ?? '',
      description,
    ]),
  );
}

test('asking twice makes two endpoints, whatever the case of the target', async () => {
  expect(await ask(running, wanted)).toContain('pe-mine asks kv-payments: "Hello".');
  await until(() => 'pe-mine' in requests());
  expect(await ask(running, { ...wanted, target: 'KV-Payments', message: 'Again' })).toContain(
    'pe-mine-2 asks',
  );
  await until(() => 'pe-mine-2' in requests());
  expect(requests()).toMatchObject({ 'pe-mine': 'Hello', 'pe-mine-2': 'Again' });
});

test.each([
  ['kv-paymnts', /^No target is named "kv-paymnts": did you mean `kv-payments`\?$/],
  ['nothing-like-it', /^No target is named "nothing-like-it": there are `kv-payments`, /],
  ['\u001b[2J', /^No target is named "\\u\{1b\}\[2J": there are /],
])('the unknown target %j is refused with what there is', async (target, message) => {
  await expect(ask(running, { ...wanted, target })).rejects.toThrow(message);
});

test('what ARM refuses is said as ARM says it', async () => {
  const subscription = '99999999-9999-4999-8999-999999999999';
  await expect(ask(running, { ...wanted, name: 'pe-x', subscription })).rejects.toThrow(
    /^ARM refuses the endpoint: HTTP 401 InvalidAuthenticationTokenTenant /,
  );
});

test.each(['../../x', 'a/b', '\u001b[2J', '', 'x'.repeat(81)])('the name %j is refused', async (name) => {
  await expect(ask(running, { ...wanted, name })).rejects.toThrow(/^--name takes at most 80 letters/);
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((wake) => setTimeout(wake, 20));
}
