import type { DenyRule } from '../access/authorization';
import {
  somebodyElse,
  type Control,
  type ControlParts,
  type ForeignAction,
  type SeededConnection,
} from './control';
import type { ManyTargets } from '../model/many-targets';
import type { Disturbance, Subscription } from '../events/event-grid';
import type { SystemTopic } from '../events/system-topics';
import type { FaultRule } from '../faults/fault-rule';
import {
  armError,
  bodyObject,
  jsonResponse,
  notSupported,
  type Json,
  type JsonObject,
  type LocalReply,
  type LocalRequest,
} from '../http/message';
import type { ManagedEndpoint } from '../model/managed-endpoints';
import type { RoleAssignment } from '../access/roles';

type Parts = ControlParts & { readonly control: Control };
type Route = (parts: Parts, request: LocalRequest) => Json | Promise<Json>;

/**
 * The control plane for people and scripts on this machine. Bodies have the types of the programmatic
 * interface and are not validated, because only loopback can reach it.
 */
const routes: Readonly<Record<string, Route>> = {
  'GET /state': ({ control }) => control.state(),
  'GET /requests': ({ requests }) => jsonOf(requests.records),
  'DELETE /requests': ({ requests }) => done(() => requests.clear()),
  'GET /events': ({ eventGrid }) => jsonOf(eventGrid.published),
  'GET /deliveries': ({ eventGrid }) => jsonOf(eventGrid.deliveries),
  'POST /webhooks': ({ eventGrid }, request) =>
    done(() => eventGrid.subscribe(bodyAs<Subscription>(request))),
  'PUT /disturbance': ({ eventGrid }, request) => done(() => eventGrid.disturb(bodyAs<Disturbance>(request))),
  'GET /telemetry': ({ ingestion }) => [...ingestion.envelopes],
  'GET /outcomes': ({ topic }) => [...topic.events],
  'GET /faults': ({ faults }) => jsonOf(faults.rules),
  'POST /faults': ({ faults }, request) => ({ id: faults.add(bodyAs<FaultRule>(request)) }),
  'DELETE /faults': ({ faults }) => done(() => faults.clear()),
  'POST /deny': ({ deny }, request) => done(() => void deny.push(bodyAs<DenyRule>(request))),
  'DELETE /deny': ({ deny }) => done(() => void deny.splice(0)),
  'POST /roles': ({ roles }, request) => done(() => void roles.push(bodyAs<RoleAssignment>(request))),
  'DELETE /roles': ({ roles }) => done(() => void roles.splice(0)),
  'POST /system-topics': ({ systemTopics }, request) =>
    done(() => void systemTopics.push(bodyAs<SystemTopic>(request))),
  'DELETE /system-topics': ({ systemTopics }) => done(() => void systemTopics.splice(0)),
  'GET /tenants': ({ tenants }) => ({ home: tenants.home, foreign: tenants.foreign }),
  'POST /tenants': ({ tenants }, request) => {
    const { tenantId, subscriptions } = bodyAs<{ tenantId: string; subscriptions: readonly string[] }>(
      request,
    );
    return done(() => tenants.assign(tenantId, subscriptions));
  },
  'DELETE /tenants': ({ tenants }) => done(() => tenants.clear()),
  'DELETE /tokens': ({ tokens }) => done(() => tokens.expireAll()),
  'POST /plant': ({ control }, request) => ({ id: control.seed(bodyAs<SeededConnection>(request)) }),
  'POST /resource': ({ control }, request) => {
    const { id, body } = bodyAs<{ id: string; body: JsonObject }>(request);
    return done(() => control.plant({ id, body: () => body }));
  },
  'POST /uproot': ({ control }, request) => done(() => control.uproot(bodyAs<{ id: string }>(request).id)),
  'POST /managed-endpoint': async ({ control }, request) => ({
    endpointId: await control.requestManaged(bodyAs<ManagedEndpoint>(request)),
  }),
  'POST /crowd': ({ control }, request) => {
    const { targets, connections } = control.seedManyTargets(bodyAs<ManyTargets>(request));
    return { targets: targets.length, connections };
  },
  'POST /vanish': ({ control }, request) => ({
    found: control.removeSilently(bodyAs<{ id: string }>(request).id),
  }),
  'POST /somebody-else': async ({ control }, request) => ({
    status: await control.actAs(somebodyElse, bodyAs<ForeignAction>(request)),
  }),
};

export async function answerControl(parts: Parts, request: LocalRequest): Promise<LocalReply> {
  const path = new URL(request.url).pathname.replace(/^\/_local/i, '').replace(/\/$/, '');
  const route = routes[`${request.method} ${path}`];
  if (route === undefined)
    return notSupported(`${request.method} /_local${path}; the routes are ${Object.keys(routes).join(', ')}`);
  try {
    return jsonResponse(200, await route(parts, request));
  } catch (error) {
    return armError(400, 'BadControlRequest', error instanceof Error ? error.message : String(error));
  }
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a cast with a name
function bodyAs<T>(request: LocalRequest): T {
  const body = bodyObject(request);
  if (body === undefined) throw new Error('The body must be a JSON object.');
  return body as T;
}

function done(work: () => void): Json {
  work();
  return { done: true };
}

function jsonOf(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
