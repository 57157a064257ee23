import type { Control } from '../../../dev/azure';
import { parseTargetId, type TargetId } from '../../../src/connections/resource-id';
import { ownStoreTypes } from '../../../src/connections/target-type';
import { ArmError } from '../../../src/base/errors';
import type {
  ConnectionFinder,
  FindQuery,
  FoundConnection,
} from '../../../src/review/sweep/connection-finder';
import { testEndpointId, testTarget } from '../../support/http/scripted-arm';

export interface FinderHarness {
  readonly finder: ConnectionFinder;
  /** Makes the target. */
  make(target: TargetId): Promise<void>;
  readonly control: Pick<Control, 'seed'>;
  /** Nothing of what the finder needs is allowed any more. */
  refuse(): void;
  /** The finder may not see this target. */
  hide(target: TargetId): void;
}

/** What every finder must do, whatever it asks. `create` gives an Azure in which there is nothing. */
export function connectionFinderContract(name: string, create: () => FinderHarness): void {
  const everything: FindQuery = { subscriptions: [], types: ownStoreTypes, statuses: ['Pending'] };
  const elsewhere = '33333333-3333-4333-8333-333333333333';
  const seed = async (harness: FinderHarness, target: TargetId, ...names: string[]) => {
    await harness.make(target);
    for (const connectionName of names) {
      harness.control.seed({
        targetId: target.id,
        connectionName,
        endpointId: testEndpointId.replace('PE-1', connectionName),
        status: 'Pending',
        description: '',
      });
    }
  };

  describe(`${name} as a connection finder`, () => {
    test('finds nothing where there is nothing', async () => {
      expect(await collect(create().finder, everything)).toEqual([]);
    });

    test('finds the target of every pending connection, of each type', async () => {
      const harness = create();
      for (const type of ownStoreTypes) await seed(harness, testTarget(type), 'one');
      const found = await collect(harness.finder, everything);
      expect(keysOf(found)).toEqual(new Set(ownStoreTypes.map((type) => testTarget(type).key)));
    });

    test('tells what it found ordered by target: none comes back after another one', async () => {
      const harness = create();
      for (let index = 0; index < 7; index += 1)
        await seed(harness, vaultNamed(`vault-${index}`), 'a', 'b', 'c');
      const found = await collect(harness.finder, everything);
      const turns = found.filter(({ targetId }, index) => found[index - 1]?.targetId.key !== targetId.key);
      expect(turns).toHaveLength(7);
    });

    test('searches the named subscriptions only, whatever the casing', async () => {
      const harness = create();
      const [here, there] = [vaultNamed('here'), vaultNamed('there', elsewhere)];
      await seed(harness, here, 'one');
      await seed(harness, there, 'two');
      const found = await collect(harness.finder, {
        ...everything,
        subscriptions: [elsewhere.toUpperCase()],
      });
      expect(keysOf(found)).toEqual(new Set([there.key]));
      expect(keysOf(await collect(harness.finder, everything))).toEqual(new Set([here.key, there.key]));
    });

    test('searches the named types only', async () => {
      const harness = create();
      for (const type of ownStoreTypes) await seed(harness, testTarget(type), 'one');
      const found = await collect(harness.finder, {
        ...everything,
        types: ['Microsoft.Compute/diskAccesses'],
      });
      expect(keysOf(found)).toEqual(new Set([testTarget('Microsoft.Compute/diskAccesses').key]));
    });

    test('what is told of a connection belongs to its target', async () => {
      const harness = create();
      await seed(harness, vaultNamed('vault-1'), 'one');
      for (const { targetId, connectionId, status } of await collect(harness.finder, everything)) {
        expect([undefined, `${targetId.id}/privateEndpointConnections/one`]).toContain(connectionId);
        expect([undefined, 'Pending']).toContain(status);
      }
    });

    test('a target that the identity may not read is left out', async () => {
      const harness = create();
      await seed(harness, vaultNamed('seen'), 'one');
      await seed(harness, vaultNamed('hidden'), 'two');
      harness.hide(vaultNamed('hidden'));
      expect(keysOf(await collect(harness.finder, everything))).toEqual(new Set([vaultNamed('seen').key]));
    });

    test('a refusal is an error, never an empty answer', async () => {
      const harness = create();
      await seed(harness, vaultNamed('vault-1'), 'one');
      harness.refuse();
      const search = collect(harness.finder, everything);
      await expect(search).rejects.toBeInstanceOf(ArmError);
      await expect(search).rejects.toMatchObject({ code: 'ARM_FORBIDDEN' });
    });
  });
}

function vaultNamed(name: string, subscriptionId?: string): TargetId {
  const { id, subscriptionId: usual } = testTarget('Microsoft.KeyVault/vaults');
  return parseTargetId(id.replace('vault-1', name).replace(usual, subscriptionId ?? usual));
}

function keysOf(found: readonly FoundConnection[]): Set<string> {
  return new Set(found.map(({ targetId }) => targetId.key));
}

async function collect(finder: ConnectionFinder, query: FindQuery): Promise<FoundConnection[]> {
  const found: FoundConnection[] = [];
  for await (const one of finder.find(query)) found.push(one);
  return found;
}
