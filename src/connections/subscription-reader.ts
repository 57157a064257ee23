/** What Azure Resource Manager says about subscriptions. Every failure is an `ArmError`. */
export interface SubscriptionReader {
  /**
   * Reads the tenant that owns a subscription, which ARM tells anybody who asks without a token. A GUID in lower case;
   * `undefined` when ARM does not tell.
   */
  readTenant(subscriptionId: string): Promise<string | undefined>;
}
