import * as z from '../../../base/schema/schema';
import { boundedList, maxNestedEntries } from '../../../base/schema/bounded-list';
import { parseResourceId } from '../../../connections/resource-id';
import { undefinedIfNotFound } from '../../../base/errors';
import { parseJson } from '../body';
import { malformed } from '../connections/connection-body';
import type { ArmClient } from '../client';
import { listItems } from '../pages';

const authorizationApiVersion = '2022-04-01';
const webApiVersion = '2024-04-01';

export interface ArmCustomRole {
  readonly roleName: string;
  readonly permissions: readonly {
    readonly actions: readonly string[];
    readonly notActions: readonly string[];
  }[];
}

export interface ArmFunctionApp {
  /** E.g. `Running`; absent when ARM sends none. */
  readonly state: string | undefined;
  /** Whether public networks can reach the app. */
  readonly isPublic: boolean;
  /** The state of the requested function. */
  readonly functionState: 'missing' | 'disabled' | 'ready';
}

export interface ArmDeploymentReader {
  /**
   * Lists the custom roles that can be assigned in a subscription, including those of its management groups.
   * Needs `Microsoft.Authorization/roleDefinitions/read`. @throws ArmError
   */
  customRoles(subscriptionId: string): Promise<readonly ArmCustomRole[]>;
  /**
   * Reads a function app and one of its functions; `undefined` when the app does not exist. Needs
   * `Microsoft.Web/sites/read` and `…/functions/read`. @throws ArmError
   */
  functionApp(id: string, functionName: string): Promise<ArmFunctionApp | undefined>;
  /**
   * Reads what matters to the console; `undefined` when the app does not exist. Needs `Microsoft.Web/sites/read`,
   * `…/functions/read` and `…/config/read`. @throws ArmError
   */
  console(id: string): Promise<ArmConsole | undefined>;
}

export interface ArmConsole {
  readonly httpsOnly: boolean;
  /** Whether App Service authentication is on. */
  readonly hasAuthentication: boolean;
  readonly functionState: ArmFunctionApp['functionState'];
}

/**
 * Creates the reader of deployed resources: `Role Definitions - List`, `Web Apps - Get` and `- Get Function`.
 */
export function createArmDeploymentReader(arm: ArmClient): ArmDeploymentReader {
  return {
    async customRoles(subscriptionId) {
      const filter = encodeURIComponent("type eq 'CustomRole'");
      const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/Microsoft.Authorization/roleDefinitions`;
      const url = `${arm.origin}${path}?$filter=${filter}&api-version=${authorizationApiVersion}`;
      const roles: ArmCustomRole[] = [];
      for await (const item of listItems(arm, url)) roles.push(roleFrom(item));
      return roles;
    },
    async functionApp(text, functionName) {
      const { id } = parseResourceId(text);
      const app = await read(arm, id);
      if (app === undefined) return undefined;
      const { state, publicNetworkAccess } = parsed(appSchema, app);
      return {
        state: state ?? undefined,
        isPublic: publicNetworkAccess?.toLowerCase() !== 'disabled',
        functionState: await functionStateOf(arm, id, functionName),
      };
    },
    async console(text) {
      const { id } = parseResourceId(text);
      const app = await read(arm, id);
      if (app === undefined) return undefined;
      const authentication = await read(arm, `${id}/config/authsettingsV2`);
      return {
        httpsOnly: parsed(appSchema, app).httpsOnly === true,
        hasAuthentication:
          authentication !== undefined &&
          parsed(authenticationSchema, authentication).platform?.enabled === true,
        functionState: await functionStateOf(arm, id, 'console'),
      };
    },
  };
}

async function functionStateOf(
  arm: ArmClient,
  id: string,
  functionName: string,
): Promise<ArmFunctionApp['functionState']> {
  const found = await read(arm, `${id}/functions/${functionName}`);
  if (found === undefined) return 'missing';
  return parsed(functionSchema, found).isDisabled === true ? 'disabled' : 'ready';
}

/** Reads a resource; resolves to `undefined` when it does not exist. @throws ArmError */
function read(arm: ArmClient, id: string): Promise<unknown> {
  const url = `${arm.origin}${encodeURI(id)}?api-version=${webApiVersion}`;
  return undefinedIfNotFound(async () => parseJson((await arm.send({ method: 'GET', url })).body));
}

const text = z.string().check(z.maxLength(2_048));
/** More than any role has. */
const actions = z.pipe(
  z.nullish(boundedList(z.string().check(z.maxLength(1_000)), 1_000)),
  z.transform((list) => list ?? []),
);
const roleSchema = z.object({
  properties: z.object({
    roleName: text,
    permissions: boundedList(z.object({ actions, notActions: actions }), maxNestedEntries),
  }),
});

function roleFrom(item: unknown): ArmCustomRole {
  const role = roleSchema.safeParse(item);
  if (!role.success) throw malformed('The reply is not a list of roles', role.error);
  return role.data.properties;
}

const appSchema = z.object({
  state: z.nullish(text),
  publicNetworkAccess: z.nullish(text),
  httpsOnly: z.nullish(z.boolean()),
});
const authenticationSchema = z.object({
  platform: z.nullish(z.object({ enabled: z.nullish(z.boolean()) })),
});
const functionSchema = z.object({ isDisabled: z.nullish(z.boolean()) });

function parsed<T>(schema: z.ZodMiniType<T>, body: unknown): T {
  const resource = z.object({ properties: schema }).safeParse(body);
  if (!resource.success) throw malformed('The reply is not a function app', resource.error);
  return resource.data.properties;
}
