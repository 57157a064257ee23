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
import { createTenants, tenantOfPath, type Tenants } from './access/tenants';
import { createTopic, type Topic } from './events/topic';

/** Everything can be left out. */
export interface LocalAzureOptions {
  /** Default: real time at `speed`. Give a manual clock in tests. */
  readonly clock?: LocalClock | undefined;
  /** How many seconds of Azure pass in one real second. Default 1; not used when a clock is given. */
  readonly speed?: number | undefined;
  /** For names, etags and chance. Default 1. */
  readonly seed?: number | undefined;
  /** By target type; in seconds of the clock. Default: as recorded. */
  readonly timings?: TimingOverrides | undefined;
  readonly world?: Partial<WorldOptions> | undefined;
  readonly faults?: readonly FaultRule[] | undefined;
  readonly deny?: readonly DenyRule[] | undefined;
  /** A principal that is named here is allowed what its assignments cover; everybody else is allowed everything. */
  readonly roles?: readonly RoleAssignment[] | undefined;
  /** What Event Grid's control plane lists. Default: none. */
  readonly systemTopics?: readonly SystemTopic[] | undefined;
  /** Answers 429 when ARM's buckets are empty; otherwise they are only counted. Default false. */
  readonly enforceRateLimits?: boolean | undefined;
  /** The buckets of one principal; those of all principals together stay as documented. Default: as documented. */
  readonly rateLimits?: Partial<RateLimits> | undefined;
  /** What `GET /subscriptions` lists first, before those in which there is anything; any other GUID works as well. */
  readonly subscriptions?: readonly string[] | undefined;
  /** The home tenant. */
  readonly tenantId?: string | undefined;
  /** By tenant: subscriptions that belong to it. Every other subscription is the home tenant's. */
  readonly foreignTenants?: Readonly<Record<string, readonly string[]>> | undefined;
  /** By provider: the only api-versions that this cloud knows, as one that is behind. Default: all. */
  readonly apiVersions?: KnownVersions | undefined;
  readonly identity?: Partial<IdentityOptions> | undefined;
  /** In real seconds. Default one day. */
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
  /** How events are posted. Default: `fetch`. */
  readonly send?: SendEvent | undefined;
}

/** The brain with all its parts; mounts and tests use what they need. */
export interface LocalAzure {
  readonly router: Router;
  readonly clock: LocalClock;
  readonly world: World;
  readonly tokens: TokenStore;
  readonly tenants: Tenants;
  readonly identity: IdentityOptions;
  readonly faults: FaultPlan;
  readonly deny: DenyRule[];
  readonly roles: RoleAssignment[];
  readonly systemTopics: SystemTopic[];
  readonly deployed: Deployed;
  readonly requests: RequestLog;
  readonly eventGrid: EventGrid;
  readonly ingestion: Ingestion;
  /** Where outcome events are published, below `/api/events`. */
  readonly topic: Topic;
  readonly control: Control;
  /** Stops the clock and the deliveries. Mounts are closed by who opened them. */
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
  // Its own chance, so that deliveries do not change the names and etags of a seeded run.
  const eventGrid = new EventGrid({ clock, random: createRandom((options.seed ?? 1) + 1), ...delivery });
  const world = createWorld({ clock, random, options, publish: (change) => publish(change) });
  const chance = createRandom((options.seed ?? 1) + 2);
  const faults = createFaultPlan({ random: chance, seconds: () => clock.seconds() }, options.faults);
  const parts = {
    clock,
    world,
    tokens,
    tenants,
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
      // Another tenant's topics are not ours to subscribe to.
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
    changed: wanted.publish,
  };
}
