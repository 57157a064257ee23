import { localIdentity, type FaultRule } from '../../dev/azure';
import type { RunningHost } from '../../dev/host/start-host';
import { until } from '../../dev/lib/until';
import { startFragileSystem, type FragileSystem } from '../support/rigs/fragile-system';

let system: FragileSystem;

/** Nothing but the queues comes back to what was cut off: no sweep. SIGTERM leaves one second instead of ten. */
beforeAll(async () => {
  system = await startFragileSystem(() => ({ 'AzureWebJobs.sweep.Disabled': 'true' }), { graceMs: 1_000 });
});

afterAll(() => system.close());

/** The reply comes after minutes, as good as never. */
function hang(method: string, vault: string, path: string): void {
  const rule: FaultRule = {
    method,
    path: `${vault}/${path}`,
    principal: localIdentity.objectId,
    effect: { kind: 'slow', seconds: 20 * 600 },
  };
  system.azure.faults.add(rule);
}

const asked = (method: string, vault: string): number =>
  system.azure.requests.records.filter(
    (each) =>
      each.principal === localIdentity.objectId && each.method === method && each.path.includes(`${vault}/`),
  ).length;

async function isApplied(vaultId: string): Promise<boolean> {
  const kinds = (await system.ledger(vaultId)).map(({ kind }) => kind);
  return kinds.filter((kind) => kind === 'applied').length === 1;
}

/** The host's lock lasts ten minutes: whoever waits for that waits in vain here. */
const timeoutSeconds = 150;

describe.each<[string, (host: RunningHost) => Promise<void>]>([
  ['sigterm', (host) => host.close()],
  ['sigkill', (host) => host.crash()],
])('after %s', (name, end) => {
  test('what was in the middle of a reading, of a write, and of a look at an operation goes on within a minute', async () => {
    const [reading, writing, looking] = await Promise.all(
      ['reading', 'writing', 'looking'].map((what) => system.vault(`kv-${name}-${what}`)),
    );
    hang('GET', `kv-${name}-reading`, 'privateEndpointConnections\\?');
    hang('PUT', `kv-${name}-writing`, 'privateEndpointConnections/');
    hang('GET', `kv-${name}-looking`, 'privateEndpointConnections/');
    const vaults = [reading, writing, looking] as string[];
    await Promise.all(vaults.map((vault, index) => system.ask(vault, `${name}-${index}`)));
    await until('all three are in the middle of it', async () => {
      const looks = asked('PUT', `kv-${name}-looking`) === 1 && asked('GET', `kv-${name}-looking`) >= 2;
      return asked('GET', `kv-${name}-reading`) > 0 && asked('PUT', `kv-${name}-writing`) === 1 && looks;
    });
    await system.restart(end);
    system.azure.faults.clear();
    for (const vault of vaults) {
      await until(`${vault} is answered`, () => isApplied(vault), { seconds: timeoutSeconds });
    }
    expect(asked('PUT', `kv-${name}-writing`)).toBe(1);
  });
});
