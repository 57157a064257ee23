import { armError, jsonResponse, notSupported, type LocalResponse } from '../http/message';

/** Custom roles and function apps of a deployment. They are shown to readers and have no effect. */
export interface Deployed {
  readonly roles: DeployedRole[];
  readonly functionApps: DeployedFunctionApp[];
}

export interface DeployedRole {
  readonly subscriptionId: string;
  readonly roleName: string;
  readonly actions: readonly string[];
}

export interface DeployedFunctionApp {
  /** The resource id. */
  readonly id: string;
  /** Default `Running`. */
  readonly state?: string | undefined;
  /** Functions by name. */
  readonly functions: Readonly<Record<string, { readonly isDisabled: boolean }>>;
}

/** Answers `GET /subscriptions/{s}/providers/Microsoft.Authorization/roleDefinitions`. */
export function listRoleDefinitions(
  { roles }: Deployed,
  method: string,
  { subscriptionId }: { readonly subscriptionId: string },
): LocalResponse {
  if (method !== 'GET') return notSupported(`${method} on role definitions`);
  const own = roles.filter((role) => isSame(role.subscriptionId, subscriptionId));
  const value = own.map(({ roleName, actions }) => ({
    properties: {
      roleName,
      type: 'CustomRole',
      assignableScopes: [`/subscriptions/${subscriptionId}`],
      permissions: [{ actions: [...actions], notActions: [], dataActions: [], notDataActions: [] }],
    },
    type: 'Microsoft.Authorization/roleDefinitions',
  }));
  return jsonResponse(200, { value });
}

/** Returns whether a site is one of the deployment's function apps. */
export function isDeployed({ functionApps }: Deployed, id: string): boolean {
  return functionApps.some((one) => isSame(one.id, id));
}

/** Answers `GET …/Microsoft.Web/sites/{name}` and `…/functions/{function}`. */
export function answerFunctionApp(
  { functionApps }: Deployed,
  method: string,
  path: {
    readonly subscriptionId: string;
    readonly resourceGroup: string;
    readonly name: string;
    readonly functionName: string | undefined;
  },
): LocalResponse {
  if (method !== 'GET') return notSupported(`${method} on function apps`);
  const { subscriptionId, resourceGroup, name, functionName } = path;
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Web/sites/${name}`;
  const app = functionApps.find((one) => isSame(one.id, id));
  if (app === undefined) {
    const message = `The Resource 'Microsoft.Web/sites/${name}' under resource group '${resourceGroup}' was not found.`;
    return armError(404, 'ResourceNotFound', message);
  }
  const { state = 'Running', functions } = app;
  if (functionName === undefined)
    return jsonResponse(200, { id, name, properties: { state, publicNetworkAccess: 'Enabled' } });
  const [, found] = Object.entries(functions).find(([key]) => isSame(key, functionName)) ?? [];
  return found === undefined
    ? armError(404, 'NotFound', `Function with name '${functionName}' does not exist.`)
    : jsonResponse(200, {
        id: `${id}/functions/${functionName}`,
        properties: { name: functionName, isDisabled: found.isDisabled },
      });
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
