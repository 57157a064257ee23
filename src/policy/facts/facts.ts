/** What a rule can see. A part that is absent was not read or does not exist: reading it fails, `has()` asks. */
export interface Facts {
  readonly connection: ConnectionFacts;
  readonly endpoint: EndpointFacts | undefined;
  readonly target: TargetFacts;
  /** What the endpoint's subscription already has on this target, this connection included; absent without an endpoint. */
  readonly consumer: ConsumerFacts | undefined;
}

export interface ConnectionFacts {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** The request message while the connection is Pending; the provider's description afterwards. */
  readonly message: string;
  readonly groupIds: readonly string[];
  readonly provisioningState?: string | undefined;
  /** When Postern first saw the connection in its present status. */
  readonly firstSeen: Date;
}

export interface EndpointFacts {
  readonly id: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  /** These cost a call and are absent where Postern may not read the endpoint. */
  readonly location?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly subnetId?: string | undefined;
  readonly virtualNetworkId?: string | undefined;
}

export interface TargetFacts {
  readonly id: string;
  readonly type: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  /** These cost a call. */
  readonly kind?: string | undefined;
  readonly location?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** Counts of connections by status. */
export interface ConsumerFacts {
  readonly pending: number;
  readonly approved: number;
  readonly rejected: number;
  readonly disconnected: number;
}
