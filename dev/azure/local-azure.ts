import type { Change, World } from './model/world';
import { defaultWorldOptions, type WorldOptions } from './model/world-options';
import type { DenyRule } from './access/authorization';
import type { KnownVersions } from './arm/routes/provider-routes';
import { createRouter, type Router } from './router';
import { createControl, type Control } from './control/control';
import { answerControl } from './control/control-routes';
import { EventGrid, type Disturbance, type SendEvent, type Subscription } from './events/event-grid';
import type { Deployed } from './arm/deployed';
import type { SystemTopic } from './events/system-topics';
import { eventsOf } from './events/event-payloads';
import { createFaultPlan, type FaultPlan } from './faults/fault-plan';
import type { FaultRule } from './faults/fault-rule';
import type { GraphOptions } from './arm/resource-graph';
import type { IdentityOptions } from './access/identity-endpoint';
import { createIngestion, type Ingestion, type TelemetryListener } from './ingestion';
import { createRunningClock, type LocalClock } from './model/local-clock';
import { createTokenStore, type Principal, type TokenStore } from './access/principals';
import { createProfiles } from './profiles';
import type { TimingOverrides } from './model/timings';
import { createRandom } from './model/random';
import { createRequestLog, type RequestLog, type RequestRecord } from './http/request-log';
import type { RoleAssignment } from './access/roles';
import { createThrottle, type RateLimits } from './arm/throttle';
import {
  createSubscriptionPlaces,
  type SubscriptionPlace,
  type SubscriptionPlaces,
} from './access/subscriptions';
import { createTenants, tenantOfPath, type Tenants } from './access/tenants';
import { createTopic, type Topic } from './events/topic';

/** Options of a local Azure, all optional. */
export interface LocalAzureOptions {
  /** The clock. Default: real time at `speed`. Tests use a manual clock. */
  readonly clock?: LocalClock | undefined;
  /** Seconds of Azure per real second. Default 1; not used if a clock is given. */
  readonly speed?: number | undefined;
  /** The seed for names, etags and random draws. Default 1. */
  readonly seed?: number | undefined;
  /** Timings by target type, in seconds of the clock. Default: as recorded. */
  readonly timings?: TimingOverrides | undefined;
  readonly world?: Partial<WorldOptions> | undefined;
  readonly faults?: readonly FaultRule[] | undefined;
  readonly deny?: readonly DenyRule[] | undefined;
  /**
   * Role assignments. A principal named here is allowed only what its assignments cover; others are allowed
   * everything.
   */
  readonly roles?: readonly RoleAssignment[] | undefined;
  /** Topics that Event Grid's control plane lists. Default: none. */
  readonly systemTopics?: readonly SystemTopic[] | undefined;
  /** Whether ARM answers 429 when its buckets are empty. Default false: requests are only counted. */
  readonly enforceRateLimits?: boolean | undefined;
  /**
   * The buckets of one principal. Default: as documented. The buckets of all principals together stay as
   * documented.
   */
  readonly rateLimits?: Partial<RateLimits> | undefined;
  /**
   * Subscriptions that `GET /subscriptions` lists first, before those with resources. Any other GUID works as
   * well.
   */
  readonly subscriptions?: readonly string[] | undefined;
  /** The home tenant. */
  readonly tenantId?: string | undefined;
  /** Subscriptions that belong to other tenants, by tenant. All others belong to the home tenant. */
  readonly foreignTenants?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Where subscriptions live. Default: below the root. */
  readonly places?: Readonly<Record<string, SubscriptionPlace>> | undefined;
  /** The only api-versions that this cloud knows, by provider. Default: all. */
  readonly apiVersions?: KnownVersions | undefined;
  readonly identity?: Partial<IdentityOptions> | undefined;
  /** The lifetime in real seconds. Default: one day. */
  readonly tokenLifetimeSeconds?: number | undefined;
  readonly graph?: Partial<GraphOptions> | undefined;
  readonly eventGrid?: EventGridOptions | undefined;
  readonly onTelemetry?: TelemetryListener | undefined;
  readonly onRequest?: ((record: RequestRecord) => void) | undefined;
  readonly onChange?: ((change: Change) => void) | undefined;
}

export interface EventGridOptions {
  readonly subscriptions?: readonly Subscription[] | undefined;
  readonly disturbance?: Disturbance | undefined;
  /** The function that posts events. Default: `fetch`. */
  readonly send?: SendEvent | undefined;
  readonly answerTimeout?: (() => AbortSignal) | undefined;
}

/** The router and all its parts; mounts and tests use what they need. */
export interface LocalAzure {
  readonly router: Router;
  readonly clock: LocalClock;
  readonly world: World;
  readonly tokens: TokenStore;
  readonly tenants: Tenants;
  readonly places: SubscriptionPlaces;
  readonly identity: IdentityOptions;
  readonly faults: FaultPlan;
  readonly deny: DenyRule[];
  readonly roles: RoleAssignment[];
  readonly systemTopics: SystemTopic[];
  readonly deployed: Deployed;
  readonly requests: RequestLog;
  readonly eventGrid: EventGrid;
  readonly ingestion: Ingestion;
  /** The topic to which outcome events are published, at `/api/events`. */
  readonly topic: Topic;
  readonly control: Control;
  /** Stops the clock and the deliveries. Whoever opened a mount closes it. */
  close(): Promise<void>;
}

export const localTenantId = '72f988bf-0000-4000-8000-00000000aaaa';
export const localSubscriptionId = '11111111-1111-4111-8111-111111111111';
export const localIdentitySecret = 'local-identity-header';
export const localIdentity: Principal = {
  appId: 'a0000000-0000-4000-8000-000000000001',
  objectId: 'a0000000-0000-4000-8000-000000000002',
};

export function createLocalAzureParts(options: LocalAzureOptions = {}): LocalAzure {
  const clock = options.clock ?? createRunningClock(options.speed);
  const random = createRandom(options.seed ?? 1);
  const tenantId = options.tenantId ?? localTenantId;
  const tenants = createTenants(tenantId, options.foreignTenants ?? {});
  const tokens = createTokenStore({
    clock,
    random,
    tenantId,
    lifetimeSeconds: options.tokenLifetimeSeconds ?? 86_400,
  });
  const { subscriptions: webhooks = [], ...delivery } = options.eventGrid ?? {};
  // A separate generator, so that deliveries do not change the names and etags of a seeded run.
  const eventGrid = new EventGrid({ clock, random: createRandom((options.seed ?? 1) + 1), ...delivery });
  const world = createWorld({ clock, random, options, publish: (change) => publish(change) });
  const chance = createRandom((options.seed ?? 1) + 2);
  const faults = createFaultPlan({ random: chance, seconds: () => clock.seconds() }, options.faults);
  const parts = {
    clock,
    world,
    tokens,
    tenants,
    places: createSubscriptionPlaces(options.places ?? {}),
    identity: {
      secret: localIdentitySecret,
      systemAssigned: localIdentity,
      userAssigned: [],
      ...options.identity,
    },
    faults,
    deny: [...(options.deny ?? [])],
    roles: [...(options.roles ?? [])],
    systemTopics: [...(options.systemTopics ?? [])],
    deployed: { roles: [], functionApps: [] },
    requests: createRequestLog(),
    eventGrid,
    ingestion: createIngestion(options.onTelemetry),
    topic: createTopic({ tokens, clock }),
    profiles: createProfiles(options.timings),
    throttle: createThrottle(clock, {
      enforced: options.enforceRateLimits ?? false,
      limits: options.rateLimits,
    }),
    subscriptions: options.subscriptions ?? [localSubscriptionId],
    graph: { lagSeconds: 0, ...options.graph },
    apiVersions: options.apiVersions ?? {},
    onRequest: options.onRequest ?? (() => undefined),
  };
  function publish(change: Change): void {
    options.onChange?.(change);
    for (const event of eventsOf(world, change, tenantId)) {
      // Postern cannot subscribe to topics of another tenant.
      if (tenantOfPath(tenants, event.topic) === tenantId) eventGrid.publish(event);
    }
  }
  for (const webhook of webhooks) eventGrid.subscribe(webhook);
  const router = createRouter({
    ...parts,
    answerControl: (request) => answerControl({ ...parts, router, control }, request),
  });
  const control = createControl({ ...parts, router });
  return {
    ...parts,
    router,
    control,
    close: async () => {
      clock.close();
      await eventGrid.close();
    },
  };
}

function createWorld(wanted: {
  clock: LocalClock;
  random: World['random'];
  options: LocalAzureOptions;
  publish: (change: Change) => void;
}): World {
  return {
    clock: wanted.clock,
    random: wanted.random,
    options: { ...defaultWorldOptions, ...wanted.options.world },
    targets: new Map(),
    endpoints: new Map(),
    operations: new Map(),
    planted: new Map(),
    changed: wanted.publish,
  };
}
