import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../../../scripts/filters-digest.mjs';
import { filterProblems, type EventFilter } from '../../support/repo/event-grid-filter';
import {
  ofType,
  readText,
  resourcesOf,
  settingsOf,
  snapshot,
  snapshotNames,
  templates,
  withNested,
  type Resource,
  type Template,
  type TemplateResource,
} from '../../support/repo/infra';
import { longestPauseMinutes } from '../../support/longest-pause';
import { projectRoot } from '../../support/repo/project';

const all = snapshotNames().map((name) => ({ name, ...snapshot(name) }));
const stageOnes = all.filter(({ name }) => name.startsWith('stage-one'));
const everyTemplate = Object.entries(templates()).flatMap(([name, template]) =>
  withNested(template).map((nested) => [name, nested] as const),
);
const everyResource = everyTemplate.flatMap(([name, template]) =>
  resourcesOf(template).map(([symbol, resource]) => ({ place: `${name}: ${symbol}`, template, resource })),
);
const eventSubscriptions = all.flatMap(({ predictedResources }) =>
  ofType(predictedResources, 'Microsoft.EventGrid/systemTopics/eventSubscriptions'),
);
const idsOf = (...names: string[]): Set<string> =>
  new Set(names.flatMap((name) => snapshot(name).predictedResources.map(({ id }) => id.toLowerCase())));

test('there are templates and deployments to look at', () => {
  expect(all.length).toBeGreaterThan(15);
  expect(everyTemplate.length).toBeGreaterThan(15);
  expect(eventSubscriptions.length).toBeGreaterThan(10);
});

describe('nested deployments', () => {
  const nested = everyResource.filter(({ resource }) => resource.type === 'Microsoft.Resources/deployments');

  test.each(nested.map(({ place, resource }) => [place, resource.name] as const))(
    '%s has no name that its parent or another deployment can have: it is made from the parent’s',
    (_, name) => {
      expect(name).toMatch(/uniqueString\((?:'\w+', )?deployment\(\)\.name\)/);
      // A deployment's name has 64 characters; a hash 13, an index here 3 at most. The longest parameter is the name of a topic.
      const literal = /format\('([^']*)'/.exec(name)?.[1] ?? '-'.padEnd(43);
      expect(literal.replaceAll(/\{\d\}/g, '').length + 13 + 3).toBeLessThanOrEqual(64);
    },
  );
});

/** https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */
const nameRules: Readonly<Record<string, RegExp>> = {
  'Microsoft.Authorization/locks': /^[^<>%&\\?/]{1,90}$/,
  'Microsoft.Authorization/policyAssignments': /^[\w-]{1,24}$/,
  'Microsoft.Authorization/policyDefinitions': /^[^#<>%&:\\?/]{1,64}(?<![. ])$/,
  'Microsoft.Authorization/policySetDefinitions': /^[^#<>%&:\\?/]{1,64}(?<![. ])$/,
  'Microsoft.Authorization/roleAssignments': /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'Microsoft.Authorization/roleDefinitions': /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'Microsoft.EventGrid/systemTopics': /^[a-z0-9-]{3,50}$/i,
  'Microsoft.EventGrid/systemTopics/eventSubscriptions': /^[a-z0-9-]{3,64}$/i,
  'Microsoft.EventGrid/topics': /^[a-z0-9-]{3,50}$/i,
  'Microsoft.Insights/components': /^[^%&\\?/]{1,260}(?<![. ])$/,
  'Microsoft.Insights/diagnosticSettings': /^[\w-]{1,260}$/,
  'Microsoft.Insights/metricAlerts': /^[^*#&+:<>?@%{}\\/]{1,260}(?<![. ])$/,
  'Microsoft.Insights/scheduledQueryRules': /^[^*<>%{}&:\\?/#|]{1,260}(?<![. ])$/,
  'Microsoft.Insights/workbooks': /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  'Microsoft.ManagedIdentity/userAssignedIdentities': /^[a-z0-9][\w-]{2,127}$/i,
  'Microsoft.Network/privateEndpoints': /^[a-z0-9][\w.-]{0,62}\w$/i,
  'Microsoft.Network/privateEndpoints/privateDnsZoneGroups': /^[a-z0-9][\w.-]{0,78}\w$/i,
  'Microsoft.OperationalInsights/workspaces': /^[a-z0-9][a-z0-9-]{2,61}[a-z0-9]$/i,
  'Microsoft.Resources/resourceGroups': /^[\w.()-]{1,90}(?<!\.)$/,
  'Microsoft.Storage/storageAccounts': /^[a-z0-9]{3,24}$/,
  'Microsoft.Storage/storageAccounts/blobServices': /^default$/,
  'Microsoft.Storage/storageAccounts/blobServices/containers': /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  'Microsoft.Storage/storageAccounts/managementPolicies': /^default$/,
  'Microsoft.Storage/storageAccounts/queueServices': /^default$/,
  'Microsoft.Storage/storageAccounts/queueServices/queues': /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  'Microsoft.Storage/storageAccounts/tableServices': /^default$/,
  'Microsoft.Storage/storageAccounts/tableServices/tables': /^[a-z][a-z0-9]{2,62}$/i,
  'Microsoft.Web/serverfarms': /^[a-z0-9-]{1,60}$/i,
  'Microsoft.Web/sites': /^[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])$/i,
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': /^scm$/,
};

describe('names', () => {
  test.each(all)('of $name fit their kinds', ({ predictedResources }) => {
    const known = predictedResources.filter(({ name }) => !name.startsWith('['));
    const wrong = known.filter(
      ({ type, name }) => !nameRules[type]?.test(name.slice(name.lastIndexOf('/') + 1)),
    );
    expect(wrong.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
  });

  test('are tried with the longest and the shortest name that the templates take', () => {
    const source = (path: string): string => readText(`infra/${path}main.bicep`);
    for (const [folder, name] of Object.entries({
      '': 'stage-one',
      'events/': 'events',
      'onboarding/': 'onboarding',
    })) {
      const [, longest] = /@maxLength\((\d+)\)\nparam environmentName/.exec(source(folder)) ?? [];
      const parameters = readText(`test/data/deployments/${name}-longest.bicepparam`);
      expect(/environmentName = '(.*)'/.exec(parameters)?.[1]).toHaveLength(Number(longest));
    }
    expect(readText('test/data/deployments/stage-one-shortest.bicepparam')).toMatch(/environmentName = '.'/);
  });

  test('of an environment are checked by every template that takes one', () => {
    for (const folder of ['', 'events/', 'onboarding/'])
      expect(readText(`infra/${folder}main.bicep`)).toContain('checkedEnvironmentName(environmentName)');
  });
});

describe('two deployments', () => {
  test.each([
    [
      'in one subscription',
      ['stage-one-defaults', 'events-own', 'onboarding'],
      ['stage-one-beside', 'events-beside', 'onboarding-beside'],
    ],
    ['that share system topics', ['events-several'], ['events-existing']],
  ])('%s write nothing that the other writes', (_, one, other) => {
    const others = idsOf(...other);
    expect([...idsOf(...one)].filter((id) => others.has(id))).toEqual([]);
  });

  test('name what Azure lets only one have apart, in whatever resource group it is', () => {
    const namesOf = (name: string): string[] =>
      snapshot(name)
        .predictedResources.filter(({ type }) => type.startsWith('Microsoft.EventGrid/'))
        .flatMap(({ name: path }) => path.split('/'));
    const others = namesOf('events-beside');
    expect(namesOf('events-own').filter((name) => others.includes(name))).toEqual([]);
  });

  test('are one if only the case of their name or the spelling of their region differs', () => {
    const written = idsOf('stage-one-another-cloud');
    expect([...idsOf('stage-one-defaults')].filter((id) => !written.has(id))).toEqual([]);
  });

  test('in the resource groups that azd looks for: only the app’s own bears its tag', () => {
    for (const { name, predictedResources } of all) {
      const tagged = ofType(predictedResources, 'Microsoft.Resources/resourceGroups').filter(
        ({ tags }) => tags?.['azd-env-name'] !== undefined,
      );
      expect([name, tagged.length]).toEqual([name, name.startsWith('stage-one') ? 1 : 0]);
    }
  });
});

describe('entries that are given twice or in another case', () => {
  test.each(['stage-one-everything', 'events-several'])('change nothing of %s', (name) => {
    expect(snapshot(`${name}-doubled`)).toEqual(snapshot(name));
    expect(readText(`test/data/deployments/${name}-doubled.bicepparam`)).not.toEqual(
      readText(`test/data/deployments/${name}.bicepparam`),
    );
  });

  // The policy deploys each kind of events by itself, into one resource group.
  const single = all.filter(({ name }) => name !== 'onboarding-events');

  test.each(single)('$name has no resource twice', ({ predictedResources }) => {
    const ids = predictedResources.map(({ id }) => id.toLowerCase());
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});

describe('rights', () => {
  const assignments = everyResource.filter(({ resource }) => resource.type.endsWith('/roleAssignments'));
  const inner = (expression: unknown): string => String(expression).replace(/^\[|\]$/g, '');

  test.each(assignments.map(({ place, resource }) => [place, resource] as const))(
    '%s: the name of an assignment holds whom it is for and which role it gives, so that neither is changed in place',
    (_, { name, properties }) => {
      expect(name).toContain(inner(properties?.['principalId']));
      const role = inner(properties?.['roleDefinitionId']);
      expect(name).toContain(/roleDefinitions', (variables\(.*)\)$/.exec(role)?.[1] ?? role);
      expect(name).toMatch(/^\[guid\(toLower\(/);
      expect(properties).toHaveProperty('principalType');
    },
  );

  const known = new Set(
    [
      ...(JSON.parse(readText('test/data/other-operations.json')) as { operations: string[] }).operations,
      ...Object.values(
        (JSON.parse(readText('data/provider-operations.json')) as { types: Record<string, Listed> }).types,
      ).flatMap(({ operations, operationReads }) => [...operations, ...operationReads]),
    ].map((action) => action.toLowerCase()),
  );
  const roles = all.flatMap(({ predictedResources }) =>
    ofType(predictedResources, 'Microsoft.Authorization/roleDefinitions').flatMap(
      ({ properties }) => properties?.['permissions'] as { actions: string[]; notActions: string[] }[],
    ),
  );
  const named = new Set(roles.flatMap(({ actions, notActions }) => [...actions, ...notActions]));

  test.each([...named])(
    '%s is an action that Azure lists: it refuses a role that names another',
    (action) => {
      const pattern = new RegExp(`^${action.toLowerCase().replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
      expect([...known].some((one) => pattern.test(one))).toBe(true);
    },
  );

  test('on connections go with the right to approve, wherever Azure has one', () => {
    const approvals = [...known].filter((action) =>
      action.endsWith('privateendpointconnectionsapproval/action'),
    );
    const held = new Set([...named].map((action) => action.toLowerCase()));
    const ours = approvals.filter((action) => {
      const connections = action.replace(/approval\/action$/, '');
      return held.has(`${connections}/write`) || held.has(`${connections}/*`);
    });
    expect(ours.length).toBeGreaterThan(2);
    expect(ours.filter((action) => !held.has(action))).toEqual([]);
  });

  test('are given in the declared files alone', () => {
    const files = readdirSync(join(projectRoot, 'infra'), { recursive: true, encoding: 'utf8' });
    const giving = files.filter(
      (file) => file.endsWith('.bicep') && readText(`infra/${file}`).includes('/roleAssignments@'),
    );
    expect(giving.map((file) => file.replaceAll('\\', '/')).sort()).toEqual([
      'modules/role-assignments-subscription.bicep',
      'modules/role-assignments.bicep',
      'onboarding/destination-role.bicep',
      'onboarding/main.bicep',
      'onboarding/policy-role.bicep',
    ]);
  });

  interface Listed {
    readonly operations: readonly string[];
    readonly operationReads: readonly string[];
  }
});

test('no variable of azd is input and output: azd down deletes those of outputs', () => {
  const given = readText('infra/main.parameters.json').matchAll(/\$\{(\w+)\}/g);
  const documented = readText('docs/deploy.md').matchAll(/azd env set (\w+)|`(POSTERN_\w+)` \|/g);
  const inputs = new Set([...given, ...documented].map(([, first, second]) => first ?? second));
  const outputs = Object.keys(snapshot('stage-one-defaults').outputs);
  expect(inputs.size).toBeGreaterThan(5);
  expect(outputs.filter((name) => inputs.has(name))).toEqual([]);
});

describe('references', () => {
  /** Which types a resource reads by name: those of `existing` resources and of ids that it puts together. */
  function readTypes(resource: TemplateResource): Set<string> {
    if (resource.type !== 'Microsoft.Resources/deployments') return new Set();
    const text = withNested(resource.properties?.['template'] as Template)
      .flatMap((template) => resourcesOf(template))
      .flatMap(([, { existing, type }]) => (existing ? [type] : []));
    return new Set(text);
  }
  const madeIn = (resource: TemplateResource): Set<string> =>
    new Set(
      resource.type === 'Microsoft.Resources/deployments'
        ? withNested(resource.properties?.['template'] as Template)
            .flatMap((template) => resourcesOf(template))
            .flatMap(([, { existing, type }]) => (existing ? [] : [type]))
        : [resource.type],
    );

  function before(symbol: string, template: Template, seen = new Set<string>()): Set<string> {
    const resource = Object.fromEntries(resourcesOf(template))[symbol];
    for (const one of resource?.dependsOn ?? []) if (!seen.has(one)) before(one, template, seen.add(one));
    return seen;
  }

  test.each(everyTemplate.map(([name, template], index) => [`${name} ${index}`, template] as const))(
    '%s: what reads a resource by name waits for what makes it',
    (_, template) => {
      const list = resourcesOf(template);
      const missing = list.flatMap(([symbol, resource]) =>
        [...readTypes(resource)].flatMap((type) =>
          list
            .filter(([other, made]) => other !== symbol && madeIn(made).has(type))
            .filter(([maker]) => !before(symbol, template).has(maker))
            .map(([maker]) => `${symbol} reads ${type} of ${maker}`),
        ),
      );
      expect(missing).toEqual([]);
    },
  );

  test.each(everyTemplate.map(([name, template], index) => [`${name} ${index}`, template] as const))(
    '%s: a child waits for its parent',
    (_, template) => {
      const list = resourcesOf(template).filter(([, { existing }]) => !existing);
      const orphans = list.filter(([, { type, dependsOn = [] }]) => {
        const parent = type.slice(0, type.lastIndexOf('/'));
        const parents = list.filter(([, one]) => one.type === parent);
        return (
          parents.length > 0 &&
          !parents.some(([symbol]) =>
            dependsOn.some((one) => one.includes(symbol) || one.includes(`'${parent}'`)),
          )
        );
      });
      expect(orphans.map(([symbol]) => symbol)).toEqual([]);
    },
  );
});

describe('events', () => {
  test('are filtered within what Event Grid takes', () => {
    expect(
      eventSubscriptions.flatMap(({ properties }) => filterProblems(properties?.['filter'] as EventFilter)),
    ).toEqual([]);
  });

  test('the digest that event subscriptions bear is of their filters: `npm run infra -- --write` makes it', () => {
    const filters = JSON.parse(readText('infra/events/filters.json')) as { digest: string };
    expect(filters.digest).toBe(digestOf(filters));
    for (const { properties } of eventSubscriptions)
      expect(properties?.['labels']).toEqual([expect.stringContaining(`postern-${filters.digest}-`)]);
  });

  const made = (name: string): Resource[] =>
    snapshot(name).predictedResources.filter(({ type }) => type !== 'Microsoft.Insights/metricAlerts');
  const byId = (resources: readonly Resource[]): Map<string, Resource> =>
    new Map(resources.map((resource) => [resource.id, resource]));

  test('the policy deploys what stage two deploys', () => {
    expect(byId(made('onboarding-events'))).toEqual(byId(made('events-own')));
  });

  test('the policy asks for the event subscriptions that stage two makes, and that they are up to date', () => {
    const [set] = ofType(
      snapshot('onboarding').predictedResources,
      'Microsoft.Authorization/policySetDefinitions',
    );
    const asked = (
      set?.properties?.['policyDefinitions'] as { parameters: Record<string, { value: unknown }> }[]
    ).map(({ parameters }) => [
      `${String(parameters['topicName']?.value)}/${String(parameters['eventSubscriptionName']?.value)}`,
      parameters['label']?.value,
    ]);
    const wanted = ofType(made('events-own'), 'Microsoft.EventGrid/systemTopics/eventSubscriptions');
    expect(asked).toEqual(
      wanted.map(({ name, properties }) => [name, (properties?.['labels'] as string[])[0]]),
    );
    const { policyRule } = JSON.parse(readText('infra/onboarding/policy.json')) as {
      policyRule: { then: { details: Record<string, unknown> } };
    };
    const { details } = policyRule.then;
    expect(details['name']).toBe(
      "[concat(parameters('topicName'), '/', parameters('eventSubscriptionName'))]",
    );
    // "Equals" alone would hold for an event subscription without any label.
    const field = 'Microsoft.EventGrid/systemTopics/eventSubscriptions/labels[*]';
    expect(details['existenceCondition']).toEqual({
      count: { field, where: { field, equals: "[parameters('label')]" } },
      greater: 0,
    });
  });

  test('a label differs when what it stands for does', () => {
    const labels = ['events-own', 'events-closed', 'events-beside'].map(
      (name) =>
        (
          ofType(made(name), 'Microsoft.EventGrid/systemTopics/eventSubscriptions')[0]?.properties?.[
            'labels'
          ] as string[]
        )[0],
    );
    expect(new Set(labels).size).toBe(3);
  });
});

describe('the sweep', () => {
  const minutes: Readonly<Record<string, number>> = {
    PT1H: 60,
    PT2H: 120,
    PT3H: 180,
    PT6H: 360,
    P1D: 1440,
    P2D: 2880,
  };

  test.each(stageOnes)('of $name runs several times in the window of its alert', (one) => {
    const rules = ofType(one.predictedResources, 'Microsoft.Insights/scheduledQueryRules');
    const window = rules.find(({ name }) => name.endsWith('-sweep'))?.properties?.['windowSize'] as string;
    const pause = longestPauseMinutes(settingsOf(one)['SWEEP_SCHEDULE'] ?? '');
    expect(minutes[window]).toBeGreaterThanOrEqual(Math.min(3 * pause, 2 * 1440));
  });

  test('looks at the watched subscriptions, or at everything if it is told to', () => {
    for (const one of stageOnes) {
      const watched = JSON.parse(one.outputs['POSTERN_EVENT_SOURCES'] as string) as string[];
      const all_ = readText(`test/data/deployments/${one.name}.bicepparam`).includes('sweepAll = true');
      expect(settingsOf(one)['SWEEP_SUBSCRIPTIONS']).toBe(all_ ? undefined : watched.join(','));
    }
  });
});

describe('a closed network', () => {
  const { predictedResources } = snapshot('stage-one-everything');
  const one = (type: string): Record<string, unknown> =>
    ofType(predictedResources, type)[0]?.properties ?? {};

  test('is closed from the start, and the app has a way to all that it needs', () => {
    expect(one('Microsoft.Storage/storageAccounts')).toMatchObject({
      publicNetworkAccess: 'Disabled',
      networkAcls: { defaultAction: 'Deny' },
    });
    expect(one('Microsoft.EventGrid/topics')).toMatchObject({ publicNetworkAccess: 'Disabled' });
    expect(one('Microsoft.Web/sites')['virtualNetworkSubnetId']).toMatch(/subnets\/app$/);
    const zones = ofType(predictedResources, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups');
    const ways = ofType(predictedResources, 'Microsoft.Network/privateEndpoints').map(
      ({ properties }) => JSON.stringify(properties).match(/"groupIds":\["(\w+)"/)?.[1],
    );
    expect(ways).toEqual(['blob', 'queue', 'table', 'topic']);
    expect(zones.map(({ properties }) => /privatelink\.(\w+)/.exec(JSON.stringify(properties))?.[1])).toEqual(
      ['blob', 'queue', 'table', 'eventgrid'],
    );
  });

  test('the app comes after the ways', () => {
    const { resources } = templates()['stage-one'] as Template;
    const app = (resources as Record<string, TemplateResource>)['functionApp'];
    expect(app?.dependsOn).toEqual(
      expect.arrayContaining(['storageEndpoints', 'topicEndpoint', 'roleAssignments']),
    );
  });

  test('keeps no undelivered events, which could not be written, unless somebody says otherwise', () => {
    expect(snapshot('stage-one-everything').outputs['POSTERN_STORAGE_IS_OPEN']).toBe('false');
    expect(snapshot('stage-one-defaults').outputs['POSTERN_STORAGE_IS_OPEN']).toBe('true');
  });
});

describe('what is kept', () => {
  test('a lock keeps the ledger’s account, except where nothing is written', () => {
    const locked = stageOnes.map((one) => [
      settingsOf(one)['POLICY_MODE'],
      ofType(one.predictedResources, 'Microsoft.Authorization/locks').map(({ id }) => id.split('/').at(-5)),
    ]);
    for (const [mode, locks] of locked)
      expect(locks).toEqual(mode === 'audit' ? [] : [expect.stringMatching(/^st/)]);
    expect(new Set(locked.map(([mode]) => mode))).toEqual(new Set(['audit', 'enforce', undefined]));
  });

  test('changes of blobs, queues and tables are logged', () => {
    const logs = ofType(
      snapshot('stage-one-defaults').predictedResources,
      'Microsoft.Insights/diagnosticSettings',
    );
    expect(logs.map(({ id }) => /(\w+)Services\/default/.exec(id)?.[1])).toEqual(['blob', 'queue', 'table']);
    for (const { properties } of logs)
      expect(properties?.['logs']).toEqual(
        ['StorageWrite', 'StorageDelete'].map((category) => ({ category, enabled: true })),
      );
  });

  test('undelivered events are gone when it is said, and old packages do not stay for ever', () => {
    const { predictedResources } = snapshot('stage-one-defaults');
    const [rules] = ofType(predictedResources, 'Microsoft.Storage/storageAccounts/managementPolicies');
    const [blobs] = ofType(predictedResources, 'Microsoft.Storage/storageAccounts/blobServices');
    const softDelete = (blobs?.properties?.['deleteRetentionPolicy'] as { days: number }).days;
    const text = JSON.stringify(rules?.properties);
    const days = Number(
      /"prefixMatch":\["dead-letter\/"\].*?"daysAfterModificationGreaterThan":(\d+)/.exec(text)?.[1],
    );
    expect(days + softDelete).toBe(30);
    expect(text).toMatch(/"prefixMatch":\["app-package\/"\]\},"actions":\{"version"/);
  });

  test('a function that is switched off stays so', () => {
    expect(settingsOf(snapshot('stage-one-everything'))['AzureWebJobs.reviewTarget.Disabled']).toBe('true');
  });
});

test('each type has one version in all templates, and a preview only where there is nothing else', () => {
  const used = new Set(everyResource.map(({ resource }) => `${resource.type}@${resource.apiVersion}`));
  const types = [...used].map((one) => one.split('@')[0]);
  expect(types.filter((type, index) => types.indexOf(type) !== index)).toEqual([]);
  expect([...used].filter((one) => one.endsWith('-preview'))).toEqual([
    'Microsoft.Insights/diagnosticSettings@2021-05-01-preview',
  ]);
});
