import { localIdentity, permissionOf, somebodyElse, type RoleAssignment } from '../../../dev/azure';
import { parseArmPath } from '../../../dev/azure/arm/arm-path';
import { createProfiles } from '../../../dev/azure/profiles';
import { createArm } from '../../../src/azure/arm/arm';
import { createSweep, type SweepReport } from '../../../src/review/sweep/sweep';
import { createTestAzure, replyOf, targetTypeOf, type TargetKind, type TestAzure } from './local-azure-world';
import { policyOf, policyText } from '../samples/policy';
import { createRig } from './rig';
import { createSweepRig } from './sweep-rig';
import { systemClock } from '../../../src/base/clock';

export const watched = '/subscriptions/33333333-3333-4333-8333-333333333333';
export const requesters = '/subscriptions/22222222-2222-4222-8222-222222222222';
export const kinds: readonly TargetKind[] = ['vault', 'hsm', 'apim', 'disk'];
/** The effects requested on each target, and the status after each. */
export const statusAfter = { approve: 'Approved', reject: 'Rejected', delete: 'gone' } as const;
export type RequestedEffect = keyof typeof statusAfter;

/** Every rule reads the target and the endpoint, so it cannot be evaluated if either may not be read. */
const policy = policyOf(
  policyText(
    Object.keys(statusAfter).map((effect) => ({
      name: effect,
      effect: effect,
      when: `connection.message == "please ${effect}" && target.tags.env == "prod" && endpoint.tags.team == "web"`,
    })),
    {},
    {},
  ),
);

export type Roles = readonly Omit<RoleAssignment, 'principal'>[];

/**
 * Creates four targets in a watched subscription with three requests each, all from another subscription and
 * by a principal with all rights. The app's identity has only `roles`. No event is sent; `subscriptions` are
 * swept.
 */
export async function createRoleWorld(roles: Roles, subscriptions: readonly string[] = [watched]) {
  const world = createTestAzure();
  const { azure, clock } = world;
  const targets = new Map<TargetKind, string>();
  for (const kind of kinds) targets.set(kind, await makeTarget(world, kind));
  for (const [kind, target] of targets) {
    for (const effect of Object.keys(statusAfter))
      await makeEndpoint(world, `pe-${kind}-${effect}`, target, effect);
  }
  await clock.advance(60);
  for (const role of roles) azure.roles.push({ principal: localIdentity.objectId, ...role });

  const { credential, httpClient } = azure;
  const now = { ...systemClock, now: () => clock.now(), monotonicMs: () => clock.seconds() * 1000 };
  const endpoint = 'https://management.azure.com';
  const { graph, lists, ...adapters } = createArm({ endpoint, credential, httpClient, clock: now });
  const rig = createSweepRig(createRig({ adapters, onSecond: () => clock.advance(1) }));
  rig.load.current = { kind: 'loaded', policy };
  const sweepOver = createSweep({
    ...rig,
    graph,
    lists,
    policy: { current: async () => rig.load.current },
    subscriptions: subscriptions.map((id) => id.split('/')[2] ?? ''),
  });

  return {
    rig,
    azure,
    /** Sweeps with the providers' lists if they are due, with Resource Graph otherwise. */
    sweep: (source: 'graph' | 'lists'): Promise<SweepReport> => {
      const listedAt = source === 'graph' ? rig.clock.now().toISOString() : undefined;
      rig.journal.state = { ...rig.journal.state, listedAt };
      return sweepOver(undefined);
    },
    statusOf: (kind: TargetKind, effect: RequestedEffect): string => {
      const connections = [
        ...(azure.world.targets.get(targets.get(kind)!.toLowerCase())?.connections.values() ?? []),
      ];
      const mine = connections.find(({ endpointId }) => endpointId.endsWith(`/pe-${kind}-${effect}`));
      return mine?.status ?? 'gone';
    },
    /** Returns every ARM request of the app, with the action that the local Azure requires. */
    calls: () =>
      azure.requests.records
        .filter(
          ({ principal, area }) => principal === localIdentity.objectId && ['arm', 'graph'].includes(area),
        )
        .map(({ method, path, status, tookEffect }) => ({
          status,
          tookEffect,
          action: actionOf(method, path),
        })),
  };
}

export type RoleWorld = Awaited<ReturnType<typeof createRoleWorld>>;

export function without(actions: readonly string[], removed: string): readonly string[] {
  const left = actions.filter((action) => action !== removed);
  if (left.length === actions.length) throw new Error(`The role does not hold ${removed}`);
  return left;
}

const profiles = createProfiles(undefined);

function actionOf(method: string, path: string): string {
  const { pathname } = new URL(path, 'https://arm');
  return permissionOf(method, parseArmPath(pathname, profiles))?.action ?? `none: ${method} ${pathname}`;
}

async function makeTarget(world: TestAzure, kind: TargetKind): Promise<string> {
  const id = `${watched}/resourceGroups/shared/providers/${targetTypeOf[kind]}/${kind}-shared`;
  await make(world, id, { location: 'westeurope', tags: { env: 'prod' }, properties: {} });
  return id;
}

async function makeEndpoint(world: TestAzure, name: string, target: string, effect: string): Promise<void> {
  const id = `${requesters}/resourceGroups/web/providers/Microsoft.Network/privateEndpoints/${name}`;
  const request = { name, properties: { privateLinkServiceId: target, requestMessage: `please ${effect}` } };
  await make(world, id, {
    location: 'westeurope',
    tags: { team: 'web' },
    properties: { manualPrivateLinkServiceConnections: [request] },
  });
}

async function make({ azure }: TestAzure, id: string, body: Parameters<TestAzure['arm']>[2]): Promise<void> {
  const reply = await azure.control.send(somebodyElse, 'PUT', `${id}?api-version=2024-05-01`, body);
  if (replyOf(reply).status !== 201) throw new Error(`${id} was not made`);
}
