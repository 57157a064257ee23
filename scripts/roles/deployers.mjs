// What deploying needs beside Contributor, read from the compiled templates: which types they write, and where.

/** A type is written below the subscription that its id names, not below its provider. */
const actionsByType = {
  'Microsoft.Resources/resourceGroups': ['read', 'write'].map(
    (verb) => `Microsoft.Resources/subscriptions/resourceGroups/${verb}`,
  ),
  'Microsoft.Resources/deployments': ['Microsoft.Resources/deployments/*'],
};

/** The tasks that follow the onboarding are no resources of its template. */
const remediation = ['read', 'write'].map((verb) => `Microsoft.PolicyInsights/remediations/${verb}`);

/**
 * Returns the custom roles of those who deploy, by file name.
 * @param templates the compiled templates `stage-one`, `events` and `onboarding`
 * @param onboarding the role with which the onboarding policy makes event subscriptions
 */
export function deployerRoles(templates, onboarding) {
  const { home, elsewhere } = typesWritten(templates['stage-one']);
  const events = typesWritten(templates.events);
  const onGroup = typesWritten(templates.onboarding, 'elsewhere');
  return {
    deployer: role({
      roleName: 'Postern Deployer',
      description:
        "Beside Contributor on Postern's subscription: defines and assigns roles there, and sets the lock.",
      actions: actionsOf([...home, ...onGroup.home].filter(isAuthorization)),
    }),
    'watched-deployer': role({
      roleName: 'Postern Watched Deployer',
      description:
        'Instead of Owner on a watched subscription: defines and assigns roles there, and subscribes to its events.',
      actions: [...actionsOf([...elsewhere, ...events.elsewhere]), ...onboarding.actions],
    }),
    'onboarding-deployer': role({
      roleName: 'Postern Onboarding Deployer',
      description: 'Instead of Owner on a management group: defines and assigns roles and policies there.',
      actions: [...actionsOf([...onGroup.elsewhere]), ...remediation],
    }),
  };
}

function role({ roleName, description, actions }) {
  const sorted = [...new Set(actions)].sort();
  return { roleName, description, actions: sorted, notActions: [], dataActions: [], notDataActions: [] };
}

/** Is true for what Contributor may not write. */
function isAuthorization(type) {
  return type.startsWith('Microsoft.Authorization/');
}

function actionsOf(types) {
  return types.flatMap((type) => actionsByType[type] ?? [`${type}/read`, `${type}/write`]);
}

/** Returns the types that a template writes: in the place of the deployment, and in other subscriptions. */
function typesWritten(template, place = 'home', found = { home: new Set(), elsewhere: new Set() }) {
  for (const resource of Object.values(template.resources)) {
    if (resource.existing) continue;
    const next = resource.subscriptionId === undefined ? place : place === 'home' ? 'elsewhere' : 'home';
    found[next].add(resource.type);
    if (resource.type === 'Microsoft.Resources/deployments')
      typesWritten(resource.properties.template, next, found);
  }
  return found;
}
