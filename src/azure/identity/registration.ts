import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { tryParseJson } from '../../base/json';
import * as z from '../../base/schema/schema';
import { createGetText } from './get-text';

/** An app registration in Entra, as far as people sign in with it. */
export interface Registration {
  /** Version of the access tokens for it; absent: 1. */
  readonly tokenVersion: number | undefined;
  /** Addresses to which the sign-in service sends people back: those of single-page applications. */
  readonly redirectUris: readonly string[];
  /** Scopes that can be asked for, such as `Console.Use`. */
  readonly scopes: readonly string[];
  /** Roles that can be assigned to people. */
  readonly roles: readonly string[];
}

/** Microsoft Graph in each cloud, by the origin of its sign-in service. */
const graphs: ReadonlyMap<string, string> = new Map([
  ['https://login.microsoftonline.com', 'https://graph.microsoft.com'],
  ['https://login.microsoftonline.us', 'https://graph.microsoft.us'],
  ['https://login.partner.microsoftonline.cn', 'https://microsoftgraph.chinacloudapi.cn'],
]);

const enabled = { isEnabled: z.optional(z.boolean()), value: z.nullable(z.optional(z.string())) };
const schema = z.object({
  value: z.array(
    z.object({
      api: z.object({
        requestedAccessTokenVersion: z.nullable(z.optional(z.number())),
        oauth2PermissionScopes: z.array(z.object(enabled)),
      }),
      spa: z.object({ redirectUris: z.array(z.string()) }),
      appRoles: z.array(z.object({ ...enabled, allowedMemberTypes: z.array(z.string()) })),
    }),
  ),
});

/**
 * Reads the registration with a client id from Microsoft Graph; `undefined` if there is none that the caller can
 * see. The token of the caller goes to Graph only.
 * @throws Error if the cloud of `authority` is not known, no token is given, or Graph refuses.
 */
export async function readRegistration(
  {
    credential,
    httpClient,
  }: { readonly credential: TokenCredential; readonly httpClient?: HttpClient | undefined },
  {
    authority,
    clientId,
    signal,
  }: { readonly authority: string; readonly clientId: string; readonly signal: AbortSignal },
): Promise<Registration | undefined> {
  const graph = graphs.get(authority);
  if (graph === undefined) throw new Error(`the directory of ${authority} is not known`);
  const token = await credential.getToken(`${graph}/.default`, { abortSignal: signal });
  if (token === null) throw new Error('no token for Microsoft Graph was issued');
  const query = new URLSearchParams({
    $filter: `appId eq '${clientId}'`,
    $select: 'api,spa,appRoles',
  });
  const { status, text } = await createGetText(httpClient)(`${graph}/v1.0/applications?${query.toString()}`, {
    signal,
    token: token.token,
  });
  if (status !== 200) throw new Error(`Microsoft Graph answers HTTP ${status}`);
  const parsed = schema.safeParse(tryParseJson(text));
  if (!parsed.success) throw new Error('Microsoft Graph answers with something else than registrations');
  const [found] = parsed.data.value;
  return (
    found && {
      tokenVersion: found.api.requestedAccessTokenVersion ?? undefined,
      redirectUris: found.spa.redirectUris,
      scopes: valuesOf(found.api.oauth2PermissionScopes),
      roles: valuesOf(found.appRoles.filter(({ allowedMemberTypes }) => allowedMemberTypes.includes('User'))),
    }
  );
}

function valuesOf(
  items: readonly { readonly isEnabled?: boolean | undefined; readonly value?: string | null | undefined }[],
): readonly string[] {
  return items.flatMap(({ isEnabled, value }) => (isEnabled === false || !value ? [] : [value]));
}
