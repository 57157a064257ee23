import { createArm } from '../../../src/azure/arm/arm';
import { createTenants } from '../../../src/review/facts/tenants';
import { systemClock } from '../../../src/base/clock';
import { createLocalAzure, microsoftTenantId, type InProcessAzure } from '../../../dev/azure';
import { FakeTenantMemory } from '../../support/fakes/fake-tenant-memory';

const home = '11111111-1111-4111-8111-111111111111';
const foreign = '22222222-2222-4222-8222-222222222222';
const ofMicrosoft = '33333333-3333-4333-8333-333333333333';
const foreignTenant = '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b';

let azure: InProcessAzure;
afterEach(() => azure.close());

test('anybody is told whose a subscription is, without a token, by the local Azure as by the real one', async () => {
  azure = createLocalAzure({
    foreignTenants: { [foreignTenant]: [foreign], [microsoftTenantId]: [ofMicrosoft] },
  });
  const credential = { getToken: () => Promise.reject(new Error('no token is wanted')) };
  const arm = createArm({
    endpoint: 'https://management.azure.com',
    credential,
    httpClient: azure.httpClient,
  });
  const tenants = createTenants({
    subscriptions: arm.subscriptions,
    memory: new FakeTenantMemory(),
    clock: systemClock,
  });
  const told = await Promise.all([home, foreign, ofMicrosoft].map((id) => tenants.tenantOf(id)));
  expect(told).toEqual([azure.tenants.home, foreignTenant, microsoftTenantId]);
  azure.tenants.assign(foreignTenant, [home]);
  expect(await tenants.tenantOf(home)).toBe(azure.tenants.home);
  expect(await tenants.tenantOf(home, 0)).toBe(foreignTenant);
});
