import { ArmError, hasCode } from '../../../base/errors';
import { isGuid } from '../../../base/guid';
import type { SubscriptionReader } from '../../../connections/subscription-reader';
import type { ArmClient } from '../client';

const subscriptionsApiVersion = '2022-12-01';

/**
 * Creates the reader of subscriptions. The tenant comes from a request without a token: it needs no right, and
 * nothing can leak. ARM answers 401 and names the tenant in the header.
 */
export function createArmSubscriptionReader(arm: ArmClient): SubscriptionReader {
  return {
    async readTenant(subscriptionId) {
      if (!isGuid(subscriptionId)) return undefined;
      const url = `${arm.origin}/subscriptions/${subscriptionId.toLowerCase()}?api-version=${subscriptionsApiVersion}`;
      try {
        await arm.send({ method: 'GET', url, isAnonymous: true });
        return undefined;
      } catch (error) {
        return tenantIn(error);
      }
    },
  };
}

/** Returns the tenant that a refusal names. @throws the error, if another attempt may get an answer. */
function tenantIn(error: unknown): string | undefined {
  if (!(error instanceof ArmError)) throw error;
  if (hasCode(error, 'ARM_UNAUTHENTICATED', 'ARM_FOREIGN_TENANT')) return error.tenantId;
  if (hasCode(error, 'ARM_NOT_FOUND', 'ARM_FORBIDDEN', 'ARM_REFUSED')) return undefined;
  throw error;
}
