import { createLiveWatch } from '../../../../src/cli/live/live-wait';
import { parseEndpointId } from '../../../../src/connections/resource-id';

test('without a storage account, --ledger says what it needs, before anything is read', () => {
  const id = parseEndpointId(
    '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/app/providers/Microsoft.Network/privateEndpoints/pe',
  );
  expect(() => createLiveWatch({ kind: 'endpoint', id, ledger: true }, {})).toThrow('--ledger needs');
});
