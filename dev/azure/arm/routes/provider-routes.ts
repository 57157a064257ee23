import { targetApiVersions } from '../../../../src/azure/arm/connections/target-api-versions';
import wireTypes from '../../../../src/azure/arm/connections/table/wire-types.json';
import { networkApiVersion } from '../../../../src/azure/arm/readers/resource-reader';
import { armError, jsonResponse, notSupported, type LocalResponse } from '../../http/message';

/** The only known api-versions, by provider. A provider that is not listed accepts every version. */
export type KnownVersions = Readonly<Record<string, readonly string[]>>;

/** The api-version that Postern reads each type with. */
const versionsOfTypes: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(wireTypes).map(([type, wire]) => [
      type,
      'targetApiVersion' in wire ? wire.targetApiVersion : wire.apiVersion,
    ]),
  ),
  ...targetApiVersions,
  'Microsoft.Network/privateEndpoints': networkApiVersion,
};

/** Answers `Providers - Get` with the types that Postern uses and their api-versions. */
export function answerProvider(
  method: string,
  { subscriptionId, namespace }: { readonly subscriptionId: string; readonly namespace: string },
  known: KnownVersions,
): LocalResponse {
  if (method !== 'GET') return notSupported(`${method} on a resource provider`);
  const limited = versionsIn(known, namespace);
  const resourceTypes = Object.entries(versionsOfTypes)
    .filter(([type]) => type.toLowerCase().startsWith(`${namespace.toLowerCase()}/`))
    .map(([type, apiVersion]) => ({
      resourceType: type.slice(namespace.length + 1),
      locations: ['West Europe'],
      apiVersions: limited ?? [apiVersion, '2021-01-01'],
    }));
  return jsonResponse(200, {
    id: `/subscriptions/${subscriptionId}/providers/${namespace}`,
    namespace,
    registrationState: 'Registered',
    resourceTypes,
  });
}

/** Returns the 400 of a cloud that lacks an api-version; `undefined` if the version is known. */
export function unknownVersion(url: URL, known: KnownVersions): LocalResponse | undefined {
  const path = url.pathname.split('/');
  const at = path.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  const [namespace = '', type] = at === -1 ? [] : path.slice(at + 1);
  const versions = type === undefined ? undefined : versionsIn(known, namespace);
  const asked = url.searchParams.get('api-version') ?? '';
  if (versions === undefined || versions.includes(asked)) return undefined;
  const message = `No registered resource provider found for location 'chinaeast2' and API version '${asked}' for type '${type}'. The supported api-versions are '${versions.join(', ')}'. The supported locations are 'chinanorth, chinaeast2'.`;
  return armError(400, 'NoRegisteredProviderFound', message);
}

function versionsIn(known: KnownVersions, namespace: string): readonly string[] | undefined {
  const name = Object.keys(known).find((each) => each.toLowerCase() === namespace.toLowerCase());
  return name === undefined ? undefined : known[name];
}
