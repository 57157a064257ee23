import { createArm } from '../../../../src/azure/arm/arm';
import { parseTargetId } from '../../../../src/connections/resource-id';
import { FakeClock } from '../../../support/fakes';
import { targetIds } from '../../../support/rigs/rig';
import { createScriptedClient } from '../../../support/http/scripted-arm';

const otherVault = targetIds.vault.replace('kv-shared', 'kv-other');

/** Whoever asks for the one vault is told 429 and to come back in a week; all others are answered. */
function world(body: unknown) {
  const clock = new FakeClock();
  const { httpClient } = createScriptedClient(({ url }) =>
    url.includes('kv-shared')
      ? { status: 429, headers: { 'retry-after': '604800' }, body }
      : { status: 200, body: { value: [] } },
  );
  const expiresOnTimestamp = clock.now().getTime() + 30 * 24 * 3600_000;
  const credential = { getToken: async () => ({ token: 't', expiresOnTimestamp }) };
  const { connections } = createArm({
    endpoint: 'https://management.azure.com',
    clock,
    httpClient,
    credential,
  });
  const isAnswered = (id: string) =>
    connections.list(parseTargetId(id)).then(
      () => true,
      () => false,
    );
  return { clock, isAnswered };
}

test.each([
  ['without a body', ''],
  ['of the provider', { error: { code: 'SomeProviderLimit', message: 'x' } }],
])('one refusal %s silences no other provider, and its own for an hour at most', async (_, body) => {
  const { clock, isAnswered } = world(body);
  expect(await isAnswered(targetIds.vault)).toBe(false);
  expect([await isAnswered(targetIds.apiManagement), await isAnswered(otherVault)]).toEqual([true, false]);
  clock.advance(3_600);
  expect(await isAnswered(otherVault)).toBe(true);
});

test('one refusal in the name of the gateway silences the subscription for an hour at most', async () => {
  const { clock, isAnswered } = world({ error: { code: 'SubscriptionRequestsThrottled', message: 'x' } });
  expect(await isAnswered(targetIds.vault)).toBe(false);
  expect(await isAnswered(targetIds.apiManagement)).toBe(false);
  clock.advance(3_600);
  expect(await isAnswered(targetIds.apiManagement)).toBe(true);
});
