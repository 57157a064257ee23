import * as z from '../../../base/schema/schema';
import type { TargetType } from '../../../connections/target-type';
import { apiVersionOf, type ApiVersions } from '../api-versions';
import { parseJson } from '../body';
import { malformed } from '../connections/connection-body';
import type { ArmClient } from '../client';
import { boundedList } from '../../../base/schema/bounded-list';
import { targetApiVersionOf } from '../connections/target-api-versions';
import { networkApiVersion } from './resource-reader';

const providersApiVersion = '2021-04-01';

/** The api-version of Postern's requests to a type. */
export interface SentVersion {
  /** E.g. `Microsoft.KeyVault/vaults`. */
  readonly type: string;
  readonly apiVersion: string;
}

export interface ArmProviderVersionReader {
  /**
   * Lists the api-versions that this cloud knows, by type in lower case. Needs
   * `Microsoft.Resources/subscriptions/providers/read`, which most reader roles have. @throws ArmError
   */
  versionsOf(subscriptionId: string, namespace: string): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** Lists the api-versions that targets and endpoints are read with, after the setting's changes. */
export async function sentVersions(
  types: readonly TargetType[],
  versions: ApiVersions | undefined,
): Promise<readonly SentVersion[]> {
  const targets = types.map(async (type) => [type, await targetApiVersionOf(type)] as const);
  const pinned = [
    ...(await Promise.all(targets)),
    ['Microsoft.Network/privateEndpoints', networkApiVersion] as const,
  ];
  return pinned.map(([type, version]) => ({ type, apiVersion: apiVersionOf(type, version, versions) }));
}

/** Creates the reader, for ARM's `Providers - Get`. */
export function createArmProviderVersionReader(arm: ArmClient): ArmProviderVersionReader {
  return {
    async versionsOf(subscriptionId, namespace) {
      const path = `/subscriptions/${encodeURIComponent(subscriptionId)}/providers/${encodeURIComponent(namespace)}`;
      const url = `${arm.origin}${path}?api-version=${providersApiVersion}`;
      const reply = await arm.send({ method: 'GET', url });
      const parsed = providerSchema.safeParse(parseJson(reply.body));
      if (!parsed.success) throw malformed('The reply is not a resource provider', parsed.error);
      return new Map(
        parsed.data.resourceTypes.map(({ resourceType, apiVersions }) => [
          `${namespace}/${resourceType}`.toLowerCase(),
          apiVersions ?? [],
        ]),
      );
    },
  };
}

const text = z.string().check(z.maxLength(200));
const providerSchema = z.object({
  resourceTypes: boundedList(z.object({ resourceType: text, apiVersions: z.nullish(boundedList(text)) })),
});
