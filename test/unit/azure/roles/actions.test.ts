import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { actionOf, type ArmMethod } from '../../../../src/azure/arm/rbac-action';
import {
  actionsOnTarget,
  armActions,
  endpointAction,
  searchActions,
} from '../../../../src/azure/roles/actions';
import { operatorRole, roleDefinitions, typeRights } from '../../../../src/azure/roles/role-definitions';
import { parseConnection } from '../../../../src/azure/arm/connections/connection-body';
import { parseConnectionId } from '../../../../src/connections/resource-id';
import { ownStoreTypes, type OwnStoreType } from '../../../../src/connections/target-type';
import type { ConnectionFinder } from '../../../../src/review/sweep/connection-finder';
import { projectRoot } from '../../../support/repo/project';
import {
  createScriptedArm,
  testEndpointId,
  testOrigin,
  testTarget,
  wireConnection,
} from '../../../support/http/scripted-arm';

const folder = join(projectRoot, 'infra/roles');
const subscription = `${testOrigin}/subscriptions/11111111-1111-1111-1111-111111111111`;

/** Where each provider was recorded to report on an operation, beside the connection's own path. */
const operationUrls: Readonly<Record<OwnStoreType, string | undefined>> = {
  'Microsoft.KeyVault/vaults': undefined,
  'Microsoft.KeyVault/managedHSMs': undefined,
  'Microsoft.ApiManagement/service': `${testOrigin}${testTarget('Microsoft.ApiManagement/service').id}/privateEndpointConnections/pe/operationresults/d2VzdA==`,
  'Microsoft.Compute/diskAccesses': `${subscription}/providers/Microsoft.Compute/locations/westus/DiskOperations/1`,
};

/** Every request that the adapters send about one target, as the actions that ARM would ask for. */
async function actionsSentFor(type: OwnStoreType): Promise<ReadonlySet<string>> {
  const target = testTarget(type);
  const body = wireConnection(target, 'pe');
  const arm = createScriptedArm(({ url }) =>
    /privateEndpointConnections\?/.test(url)
      ? { status: 200, body: { value: [body] } }
      : { status: 200, body: { ...body, status: 'Succeeded' } },
  );
  const id = parseConnectionId(`${target.id}/privateEndpointConnections/pe`);
  const connection = parseConnection(JSON.stringify(body), id);
  await arm.connections.list(target);
  await arm.connections.get(id);
  for (const effect of ['approve', 'reject', 'delete'] as const)
    await arm.connections.write({ connection, effect, description: '' }, () => undefined);
  await arm.resources.readTarget(target);
  const url = operationUrls[type];
  if (url !== undefined) await arm.operations.read(`${url}?api-version=2024-05-01`);
  return new Set(arm.sent.map(({ method, url: sent }) => lower(actionOf(method as ArmMethod, sent) ?? sent)));
}

describe.each(ownStoreTypes)('%s', (type) => {
  test('the table names what the adapters send, and nothing else', async () => {
    const { target, connections, operations } = armActions[type];
    const named = [target.read, ...Object.values(connections), ...operations.map(({ action }) => action)];
    expect([...(await actionsSentFor(type))].sort()).toEqual(named.map(lower).sort());
  });

  test('an operation’s action is held where its URL is', () => {
    for (const { action, heldOn } of armActions[type].operations) {
      const isBelow = lower(action).startsWith(lower(`${type}/`));
      expect([action, heldOn]).toEqual([action, isBelow ? 'target' : 'subscription']);
    }
  });
});

test('the finders and the reader of endpoints send what the table names', async () => {
  const arm = createScriptedArm(({ method, url }) => {
    if (method === 'POST') return { status: 200, body: { data: [] } };
    return { status: 200, body: url.includes('privateEndpoints') ? { properties: {} } : { value: [] } };
  });
  await arm.resources.readEndpoint(testEndpointId);
  await drain(arm.graph);
  expect(arm.sent.map(({ method, url }) => actionOf(method as ArmMethod, url))).toEqual([
    endpointAction,
    searchActions.graph,
  ]);
  const [, , subscriptionId = ''] = testTarget('Microsoft.KeyVault/vaults').id.split('/');
  await drain(arm.lists, [subscriptionId]);
  // No provider is in its path: the action is the documented one of a subscription's resources.
  const paths = new Set(arm.sent.slice(2).map(({ url }) => new URL(url).pathname));
  expect([...paths]).toEqual([`/subscriptions/${subscriptionId}/resources`]);
  expect(searchActions.list).toBe('Microsoft.Resources/subscriptions/resources/read');
});

describe('the roles that are deployed', () => {
  test('are what the table gives: `npm run roles` writes them', () => {
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
    const files = names.map((file) => [file.replace('.json', ''), contentOf(file)]);
    expect(Object.fromEntries(files)).toEqual({ ...roleDefinitions, 'target-types': typeRights });
  });

  test('for some of the types hold nothing of the others', () => {
    const { actions } = operatorRole(['Microsoft.KeyVault/vaults']);
    expect(actions).toEqual([
      ...actionsOnTarget('Microsoft.KeyVault/vaults'),
      searchActions.graph,
      searchActions.list,
    ]);
  });

  test('name no action that Azure would refuse to take', () => {
    const undocumented = ownStoreTypes
      .flatMap((type) => armActions[type].operations)
      .filter(({ isDocumented }) => !isDocumented)
      .map(({ action }) => action);
    expect(undocumented).not.toEqual([]);
    for (const { actions } of Object.values(roleDefinitions)) {
      expect(actions.filter((action) => undocumented.includes(action))).toEqual([]);
    }
  });
});

function contentOf(file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

async function drain(finder: ConnectionFinder, subscriptions: readonly string[] = []): Promise<void> {
  const query = { subscriptions, types: ownStoreTypes, statuses: ['Pending'] };
  for await (const found of finder.find(query)) throw new Error(`not in the script: ${found.targetId.id}`);
}

function lower(text: string): string {
  return text.toLowerCase();
}
