import fc from 'fast-check';
import { progressFrom } from '../../../../../../src/azure/arm/connections/table/progress';
import { wireTypeOf } from '../../../../../../src/azure/arm/connections/table/wire-type';
import { isOwnStoreType, targetTypeFrom, targetTypes } from '../../../../../../src/connections/target-type';

async function progressOf(type: string, state: string | undefined, status: string): Promise<string> {
  const row = targetTypeFrom(type);
  if (row === undefined) throw new Error(`no row: ${type}`);
  return progressFrom((await wireTypeOf(row)).states, state, status);
}

describe('how far a provider is', () => {
  test.each([
    ['Microsoft.Sql/servers', 'Ready', 'Pending', 'final'],
    ['Microsoft.Sql/servers', 'Approving', 'Approved', 'working'],
    ['Microsoft.Web/sites', 'Pending', 'Pending', 'final'],
    ['Microsoft.Web/sites', 'Pending', 'Approving', 'working'],
    ['Microsoft.Web/sites', 'Pending', 'Approved', 'working'],
    ['Microsoft.Web/sites', 'Pending', 'Rejected', 'final'],
    ['Microsoft.Web/sites', 'Deleting', 'Disconnecting', 'working'],
    ['Microsoft.App/managedEnvironments', 'Waiting', 'Pending', 'final'],
    ['Microsoft.App/managedEnvironments', 'Waiting', 'Approved', 'working'],
    ['Microsoft.HardwareSecurityModules/cloudHsmClusters', 'SUCCEEDED', 'Approved', 'final'],
    ['Microsoft.Devices/IotHubs', undefined, 'Rejected', 'final'],
    ['Microsoft.DocumentDB/mongoClusters', 'Processing', 'Approved', 'working'],
    ['Microsoft.Storage/storageAccounts', 'Invented', 'Approved', 'unknown'],
  ] as const)('%s, %s and %s: %s', async (type, state, status, expected) => {
    expect(await progressOf(type, state, status)).toBe(expected);
  });

  test('no row calls an answered connection final in a state that it does not name', async () => {
    const ended = /^(?:succeeded|ready|failed|cancell?ed|disconnected)$/i;
    for (const type of targetTypes().filter((each) => !isOwnStoreType(each))) {
      const { states } = await wireTypeOf(type);
      fc.assert(
        fc.property(fc.string({ minLength: 1 }), fc.constantFrom('Approved', 'Rejected'), (state, status) => {
          const named = states.byStatus?.[status.toLowerCase()] ?? states.terminal;
          const isFinal = progressFrom(states, state, status) === 'final';
          expect(isFinal && !named.includes(state.toLowerCase()) && !ended.test(state)).toBe(false);
        }),
        { numRuns: 20 },
      );
    }
  });
});
