/** The name of a group of facts. Besides these, conditions read `lists` and `now`. */
export type FactRoot = 'connection' | 'endpoint' | 'requester' | 'target' | 'expected' | 'consumer';

/** One fact: its type and its properties. */
export interface FactField {
  readonly type:
    'string' | 'bool' | 'int' | 'list<string>' | 'map<string, string>' | 'google.protobuf.Timestamp';
  readonly meaning: string;
  /** When the fact is absent, so that reading it fails. `never` if it is always present. */
  readonly absent: string;
  /**
   * `none`, or the ARM call that Postern makes only if some rule reads the fact. Facts with a call
   * are called costly. The tenant of a subscription is asked for once a day, and the list of all
   * subscriptions is read every quarter of an hour.
   */
  readonly cost:
    | 'none'
    | 'reads the target'
    | 'reads the endpoint'
    | 'reads the network'
    | 'asks for the tenant'
    | 'asks for the tenant of an announced name'
    | 'asks our resources'
    | 'reads subscriptions';
  /** Whether ARM compares the fact without case. Then conditions see it in lower case (`foldText`). */
  readonly withoutCase: boolean;
}

const never = 'never';
const noEndpoint = 'Azure names no endpoint, or one whose id cannot be parsed';
const unreadTarget = 'the target could not be read, or has none';
const unreadEndpoint = `${noEndpoint}, or Postern may not read the endpoint`;

const unreadNetwork = `${unreadEndpoint}, or the endpoint's network`;

const unknownTenant = `${noEndpoint}, or ARM does not tell the tenant of its subscription`;
const notOurs = `${unknownTenant}, or it is another one than the target's, and no resource of ours is proven to be behind the endpoint`;

const notExpected =
  'nobody has announced the request, or the announcement is over, was used before or fits several connections';

const unreadSubscription = `${notOurs}, or Postern may not read the subscription`;

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

/** All facts. The type checker, the documentation and the tests are derived from this table. */
export const factFields = {
  connection: {
    id: text('ARM id of the connection', never),
    name: text('the last segment of its id', never),
    status: text('Pending, Approved, Rejected, Disconnected, or another one that the provider sends', never),
    message: {
      type: 'string',
      meaning:
        "the request message while Pending, the provider's description afterwards; empty if there is none",
      absent: never,
      cost: 'none',
      withoutCase: false,
    },
    groupIds: {
      type: 'list<string>',
      meaning: 'the requested parts of the target; empty if the provider does not report them',
      absent: never,
      cost: 'none',
      withoutCase: true,
    },
    provisioningState: text("the state of the provider's work on it", 'the provider sends none'),
    firstSeen: {
      type: 'google.protobuf.Timestamp',
      meaning: 'when Postern first saw the connection in its current status',
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
    tenantId: text("the tenant that owns the requester's subscription", unknownTenant, 'asks for the tenant'),
    tenant: text(
      "`own`: the tenant of the target; `microsoft`: one in which Microsoft's services make endpoints, for whichever customer; `other`",
      unknownTenant,
      'asks for the tenant',
    ),
    location: text('its region', unreadEndpoint, 'reads the endpoint'),
    tags: tags('its tags, names in lower case', unreadEndpoint, 'reads the endpoint'),
    subnetId: text('ARM id of its subnet', unreadEndpoint, 'reads the endpoint'),
    virtualNetworkId: text('ARM id of its virtual network', unreadEndpoint, 'reads the endpoint'),
    peeredNetworks: {
      type: 'list<string>',
      meaning:
        'ARM ids of the virtual networks that its own is peered with; only peerings that are Connected',
      absent: unreadNetwork,
      cost: 'reads the network',
      withoutCase: true,
    },
    manual: {
      type: 'bool',
      meaning: 'whether it asks for a manual approval; false: the requester may approve on the target',
      absent: `${unreadEndpoint}, or it does not say`,
      cost: 'reads the endpoint',
      withoutCase: false,
    },
    resourceGuid: text(
      'the GUID that Azure gave to this endpoint; another one of the same name has another',
      unreadEndpoint,
      'reads the endpoint',
    ),
  },
  requester: {
    id: text(
      'ARM id of our resource that asks: the endpoint itself, or the resource for which a service of Microsoft made it',
      notOurs,
      'asks our resources',
    ),
    type: text('e.g. Microsoft.Network/privateEndpoints', notOurs, 'asks our resources'),
    name: text("the resource's name", notOurs, 'asks our resources'),
    subscriptionId: text("the resource's subscription", notOurs, 'asks our resources'),
    subscriptionName: text(
      "the subscription's name; anybody who may write it chooses it",
      unreadSubscription,
      'reads subscriptions',
    ),
    subscriptionTags: tags(
      "the subscription's tags, names in lower case",
      unreadSubscription,
      'reads subscriptions',
    ),
    managementGroups: {
      type: 'list<string>',
      meaning:
        'the ids of the management groups above the subscription, nearest first, the root last; never their display names',
      absent: unreadSubscription,
      cost: 'reads subscriptions',
      withoutCase: true,
    },
    how: text(
      'what proves that the resource asks; `endpoint`: the endpoint lies in our tenant; `name` or `message`: that of a managed endpoint of ours',
      notOurs,
      'asks our resources',
    ),
  },
  target: {
    id: text('ARM id of the target', never),
    type: text('e.g. Microsoft.KeyVault/vaults', never),
    service: text('the word of its service, e.g. storage; several types may share one', never),
    evidence: text(
      'how well the type is known: recorded (real traffic shows its writes), described (only the specification does) or listed',
      never,
    ),
    opensMany: {
      type: 'bool',
      meaning: 'whether one approval opens many resources: a whole tenant, or everything behind a scope',
      absent: never,
      cost: 'none',
      withoutCase: false,
    },
    subscriptionId: text("the target's subscription", never),
    resourceGroup: text("the target's resource group", never),
    name: text("the target's name", never),
    tenantId: text(
      "the tenant that owns the target's subscription",
      'ARM does not tell it',
      'asks for the tenant',
    ),
    kind: text('its `kind`', unreadTarget, 'reads the target'),
    location: text('its region', unreadTarget, 'reads the target'),
    tags: tags('its tags, names in lower case', unreadTarget, 'reads the target'),
  },
  expected: {
    by: {
      type: 'string',
      meaning: 'who announced this request',
      absent: notExpected,
      cost: 'asks for the tenant of an announced name',
      withoutCase: false,
    },
    until: {
      type: 'google.protobuf.Timestamp',
      meaning: 'when it is expected no longer',
      absent: notExpected,
      cost: 'asks for the tenant of an announced name',
      withoutCase: false,
    },
  },
  consumer: {
    pending: count('Pending'),
    approved: count('Approved'),
    rejected: count('Rejected'),
    disconnected: count('Disconnected'),
  },
} as const satisfies Readonly<Record<FactRoot, Readonly<Record<string, FactField>>>>;

/** The names of the groups of facts. */
export const factRoots = Object.keys(factFields) as readonly FactRoot[];

/** Returns whether a name is that of a group of facts. */
export function isFactRoot(name: string): name is FactRoot {
  return Object.hasOwn(factFields, name);
}

/** Returns the facts of a group by name. */
export function fieldsOf(root: FactRoot): Readonly<Record<string, FactField>> {
  return factFields[root];
}

/** Finds a fact by its group and its name. Returns undefined if there is none. */
export function fieldOf(root: FactRoot, name: string): FactField | undefined {
  return Object.hasOwn(factFields[root], name) ? fieldsOf(root)[name] : undefined;
}
