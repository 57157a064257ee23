import { deployerRoles } from '../../../scripts/roles/deployers.mjs';
import { readText, templates } from '../../support/repo/infra';

const readJson = (path: string): unknown => JSON.parse(readText(path));
const onboarding = readJson('infra/onboarding/role.json') as { actions: string[] };
const roles = deployerRoles(templates(), onboarding);

test.each(Object.entries(roles))('the role of %s is what the compiled templates ask for', (name, role) => {
  expect(readJson(`infra/roles/deployers/${name}.json`)).toEqual(role);
});

test('no role can do everything, delete, or give itself all rights by a wildcard', () => {
  const actions = Object.values(roles).flatMap(({ actions: all }) => all);
  expect(actions.length).toBeGreaterThan(20);
  const broad = actions.filter((action) => action.includes('*') || action.endsWith('/delete'));
  expect([...new Set(broad)]).toEqual(['Microsoft.Resources/deployments/*']);
});

test('a type that a template writes elsewhere needs a right there', () => {
  const nested = {
    resources: [{ type: 'Contoso.Data/stores', apiVersion: '1', name: 'a' }],
  };
  const events = {
    resources: {
      there: {
        type: 'Microsoft.Resources/deployments',
        subscriptionId: '[parameters(…)]',
        properties: { template: nested },
      },
    },
  };
  const { 'watched-deployer': role } = deployerRoles({ ...templates(), events }, onboarding);
  expect(role?.actions).toEqual(
    expect.arrayContaining(['Contoso.Data/stores/read', 'Contoso.Data/stores/write']),
  );
});

test('what Contributor may write needs no further right in Postern’s own subscription', () => {
  const { actions = [] } = roles['deployer'] ?? {};
  expect(actions.filter((action) => !action.startsWith('Microsoft.Authorization/'))).toEqual([]);
  expect(actions).toContain('Microsoft.Authorization/roleAssignments/write');
});
