import { chosenTypes } from '../../connections/chosen-types';
import {
  isOwnStoreType,
  recordedTypes,
  services,
  type TargetType,
  targetTypes,
} from '../../connections/target-type';
import {
  actionsOnTarget,
  allManagedEndpointActions,
  armActions,
  doctorActions,
  endpointAction,
  networkAction,
  regionalActionsOf,
  searchActions,
  subscriptionAction,
} from './actions';

/** A custom role in the form that a deployment takes; the deployment adds where it can be assigned. */
export interface RoleDefinition {
  readonly roleName: string;
  readonly description: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

/**
 * Builds the role for Postern's identity on every watched subscription: the actions for these types, and
 * nothing else.
 */
export function operatorRole(types: readonly TargetType[] = recordedTypes()): RoleDefinition {
  return roleOf(
    'Postern Operator',
    'Lets Postern find, read, approve, reject and delete private endpoint connections. Assign on each watched subscription.',
    [...new Set([...types.flatMap(actionsOf), ...Object.values(searchActions)])],
  );
}

/**
 * The role for Postern's identity on requesters' subscriptions, for policies that read the endpoint, its network, the
 * subscription or a resource with a managed endpoint, and for events that name only the endpoint.
 */
export const readerRole = roleOf(
  'Postern Endpoint Reader',
  'Lets Postern read private endpoints, their networks, the subscription, and which resource has a managed endpoint. Assign on the subscriptions of requesters.',
  [endpointAction, networkAction, subscriptionAction, ...allManagedEndpointActions],
);

/** The role for running `postern doctor`, on every watched subscription. Not for the app. */
export const doctorRole = roleOf(
  'Postern Doctor',
  'Lets postern doctor see its own permissions and the event subscriptions. Assign to whoever runs it, on each watched subscription.',
  doctorActions,
);

/**
 * The rights of the operator role by type, for templates that take a list of types: the words that name types, the
 * actions of each type in lower case, and those for any. Of what Azure lists no action for, none is here.
 */
export const typeRights = {
  words: Object.fromEntries(
    ['all', 'recorded', ...services(), ...targetTypes()].map((word) => [
      word.toLowerCase(),
      chosenTypes([word]).map((type) => type.toLowerCase()),
    ]),
  ),
  actions: Object.fromEntries(targetTypes().map((type) => [type.toLowerCase(), actionsOf(type)])),
  search: Object.values(searchActions),
};

/** The roles by file name, without extension. */
export const roleDefinitions: Readonly<Record<string, RoleDefinition>> = {
  'postern-operator': operatorRole(),
  'postern-reader': readerRole,
  'postern-doctor': doctorRole,
};

/** Lists the actions to grant for a type, on the target and on its subscription. */
function actionsOf(type: TargetType): readonly string[] {
  return [...grantsOn(type), ...regionalActionsOf(type)];
}

/**
 * Lists the actions to grant for a type. A role cannot name an unlisted action; where one is needed,
 * everything below the connections is granted.
 */
function grantsOn(type: TargetType): readonly string[] {
  if (!isOwnStoreType(type)) return actionsOnTarget(type);
  const { target, operations } = armActions[type];
  const isWhole = operations.every(({ heldOn, isDocumented }) => heldOn !== 'target' || isDocumented);
  return isWhole ? actionsOnTarget(type) : [target.read, `${type}/privateEndpointConnections/*`];
}

function roleOf(roleName: string, description: string, actions: readonly string[]): RoleDefinition {
  return { roleName, description, actions, notActions: [], dataActions: [], notDataActions: [] };
}
