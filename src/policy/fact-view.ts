import { lower } from './ascii-case';
import { factsProblem } from './fact-limits';
import type { ConnectionFacts, ConsumerFacts, EndpointFacts, Facts, TargetFacts } from './facts';

/** The connection as CEL sees it: what is `undefined` is absent. */
export class ConnectionView {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly groupIds: readonly string[];
  readonly provisioningState: string | undefined;
  readonly firstSeen: Date;

  constructor(connection: ConnectionFacts) {
    this.id = lower(connection.id);
    this.name = lower(connection.name);
    this.status = lower(connection.status);
    this.message = connection.message;
    this.groupIds = connection.groupIds.map(lower);
    this.provisioningState = lowerIf(connection.provisioningState);
    this.firstSeen = connection.firstSeen;
  }
}

/** Without an endpoint everything is absent: reading any field fails, and `has()` is false. */
export class EndpointView {
  readonly id: string | undefined;
  readonly subscriptionId: string | undefined;
  readonly resourceGroup: string | undefined;
  readonly name: string | undefined;
  readonly location: string | undefined;
  readonly tags: ReadonlyMap<string, string> | undefined;
  readonly subnetId: string | undefined;
  readonly virtualNetworkId: string | undefined;

  constructor(endpoint: EndpointFacts | undefined) {
    this.id = lowerIf(endpoint?.id);
    this.subscriptionId = lowerIf(endpoint?.subscriptionId);
    this.resourceGroup = lowerIf(endpoint?.resourceGroup);
    this.name = lowerIf(endpoint?.name);
    this.location = lowerIf(endpoint?.location);
    this.tags = tagsOf(endpoint?.tags);
    this.subnetId = lowerIf(endpoint?.subnetId);
    this.virtualNetworkId = lowerIf(endpoint?.virtualNetworkId);
  }
}

export class TargetView {
  readonly id: string;
  readonly type: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly kind: string | undefined;
  readonly location: string | undefined;
  readonly tags: ReadonlyMap<string, string> | undefined;

  constructor(target: TargetFacts) {
    this.id = lower(target.id);
    this.type = lower(target.type);
    this.subscriptionId = lower(target.subscriptionId);
    this.resourceGroup = lower(target.resourceGroup);
    this.name = lower(target.name);
    this.kind = lowerIf(target.kind);
    this.location = lowerIf(target.location);
    this.tags = tagsOf(target.tags);
  }
}

/** Without an endpoint it is empty, like the endpoint. CEL's integers are `bigint`. */
export class ConsumerView {
  readonly pending: bigint | undefined;
  readonly approved: bigint | undefined;
  readonly rejected: bigint | undefined;
  readonly disconnected: bigint | undefined;

  constructor(consumer: ConsumerFacts | undefined) {
    this.pending = consumer && BigInt(consumer.pending);
    this.approved = consumer && BigInt(consumer.approved);
    this.rejected = consumer && BigInt(consumer.rejected);
    this.disconnected = consumer && BigInt(consumer.disconnected);
  }
}

export interface FactView {
  readonly connection: ConnectionView;
  readonly endpoint: EndpointView;
  readonly target: TargetView;
  readonly consumer: ConsumerView;
  readonly now: Date;
}

/** The facts for conditions, or why they cannot be decided on. */
export type FactViewResult =
  | { readonly kind: 'ready'; readonly view: FactView }
  | { readonly kind: 'refused'; readonly problem: string };

/** Case is folded here, once; see `FactField.withoutCase`. Pure. */
export function viewFacts(facts: Facts, now: Date): FactViewResult {
  const problem = factsProblem(facts, now);
  if (problem !== undefined) return { kind: 'refused', problem };
  const { connection, endpoint, target, consumer } = facts;
  const view = {
    connection: new ConnectionView(connection),
    endpoint: new EndpointView(endpoint),
    target: new TargetView(target),
    consumer: new ConsumerView(consumer),
    now: new Date(now),
  };
  return { kind: 'ready', view };
}

function lowerIf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : lower(text);
}

/** Tag names are compared without case in ARM, tag values with. */
function tagsOf(tags: Readonly<Record<string, string>> | undefined): Map<string, string> | undefined {
  if (tags === undefined) return undefined;
  return new Map(Object.entries(tags).map(([name, value]) => [lower(name), value]));
}
