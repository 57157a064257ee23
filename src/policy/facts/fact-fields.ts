/** The facts that conditions read. `lists` and `now` come on top. */
export type FactRoot = 'connection' | 'endpoint' | 'target' | 'consumer';

export interface FactField {
  readonly type: 'string' | 'int' | 'list<string>' | 'map<string, string>' | 'google.protobuf.Timestamp';
  readonly meaning: string;
  /** When reading it fails; `never` when it is always there. */
  readonly absent: string;
  /** `none`, or the call that Postern makes only if some rule reads the fact. */
  readonly cost: 'none' | 'reads the target' | 'reads the endpoint';
  /** ARM compares it without case, and so do conditions: it reaches them folded (`foldText`). */
  readonly withoutCase: boolean;
}

const never = 'never';
const noEndpoint = 'Azure names no endpoint, or one whose id cannot be understood';
const unreadTarget = 'the target could not be read, or has none';
const unreadEndpoint = `${noEndpoint}, or Postern may not read the endpoint`;

function text(meaning: string, absent: string, cost: FactField['cost'] = 'none'): FactField {
  return { type: 'string', meaning, absent, cost, withoutCase: true };
}

function tags(meaning: string, absent: string, cost: FactField['cost']): FactField {
  return { type: 'map<string, string>', meaning, absent, cost, withoutCase: false };
}

function count(status: string): FactField {
  return {
    type: 'int',
    meaning: `how many ${status} connections the endpoint's subscription has on this target, this one included`,
    absent: noEndpoint,
    cost: 'none',
    withoutCase: false,
  };
}

/** Every fact, one by one. The type checker, the documentation and the tests are made from this table. */
export const factFields = {
  connection: {
    id: text('ARM id of the connection', never),
    name: text('the last segment of its id', never),
    status: text('Pending, Approved, Rejected, Disconnected, or what else the provider sends', never),
    message: {
      type: 'string',
      meaning:
        "the request message while Pending, the provider's description afterwards; empty when there is none",
      absent: never,
      cost: 'none',
      withoutCase: false,
    },
    groupIds: {
      type: 'list<string>',
      meaning: 'which parts of the target were asked for; empty where the provider does not tell',
      absent: never,
      cost: 'none',
      withoutCase: true,
    },
    provisioningState: text('what the provider is doing with it', 'the provider sends none'),
    firstSeen: {
      type: 'google.protobuf.Timestamp',
      meaning: 'when Postern first saw the connection in its present status',
      absent: never,
      cost: 'none',
      withoutCase: false,
    },
  },
  endpoint: {
    id: text('ARM id of the private endpoint', noEndpoint),
    subscriptionId: text("the requester's subscription", noEndpoint),
    resourceGroup: text("the endpoint's resource group", noEndpoint),
    name: text("the endpoint's name", noEndpoint),
    location: text('its region', unreadEndpoint, 'reads the endpoint'),
    tags: tags('its tags, names in lower case', unreadEndpoint, 'reads the endpoint'),
    subnetId: text('ARM id of its subnet', unreadEndpoint, 'reads the endpoint'),
    virtualNetworkId: text('ARM id of its virtual network', unreadEndpoint, 'reads the endpoint'),
  },
  target: {
    id: text('ARM id of the target', never),
    type: text('e.g. Microsoft.KeyVault/vaults', never),
    subscriptionId: text("the target's subscription", never),
    resourceGroup: text("the target's resource group", never),
    name: text("the target's name", never),
    kind: text('its `kind`', unreadTarget, 'reads the target'),
    location: text('its region', unreadTarget, 'reads the target'),
    tags: tags('its tags, names in lower case', unreadTarget, 'reads the target'),
  },
  consumer: {
    pending: count('Pending'),
    approved: count('Approved'),
    rejected: count('Rejected'),
    disconnected: count('Disconnected'),
  },
} as const satisfies Readonly<Record<FactRoot, Readonly<Record<string, FactField>>>>;

export const factRoots = Object.keys(factFields) as readonly FactRoot[];

export function isFactRoot(name: string): name is FactRoot {
  return Object.hasOwn(factFields, name);
}

/** The fields of a root by name. */
export function fieldsOf(root: FactRoot): Readonly<Record<string, FactField>> {
  return factFields[root];
}

export function fieldOf(root: FactRoot, name: string): FactField | undefined {
  return Object.hasOwn(factFields[root], name) ? fieldsOf(root)[name] : undefined;
}
