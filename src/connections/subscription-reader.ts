/** What Azure Resource Manager says about subscriptions. Every failure is an `ArmError`. */
export interface SubscriptionReader {
  /**
   * Reads the tenant that owns a subscription, which ARM tells anybody who asks without a token. A GUID in lower case;
   * `undefined` when ARM does not tell.
   */
  readTenant(subscriptionId: string): Promise<string | undefined>;

  /**
   * Lists all subscriptions that the identity may read, of whatever tenant. One that it may not read is left out
   * without a sign, and one that a customer delegates to us is among them. `onUnreadable` is called for each that
   * was listed and cannot be parsed.
   */
  list(onUnreadable?: () => void): Promise<readonly SubscriptionDetails[]>;
}

/** One subscription, as Azure's index knew it when it was read. */
export interface SubscriptionDetails {
  /** In lower case. */
  readonly subscriptionId: string;
  readonly name: string;
  /** The tenant that owns it. A GUID in lower case. */
  readonly tenantId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The ids of the management groups above it, nearest first, the root last. Empty: none could be read. */
  readonly managementGroups: readonly string[];
}
