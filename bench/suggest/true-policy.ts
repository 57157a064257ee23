import { environments, services, type World } from './world';

/** A rule of the true policy: a condition, and an example generator's hint for whom it is. */
export interface TrueRule {
  readonly name: string;
  readonly targets: readonly string[] | undefined;
  readonly when: string;
}

/** Makes up a policy as teams have them: two to four rules over who asks, most with a condition about the target. */
export function makeTruePolicy(world: World): { readonly rules: readonly TrueRule[]; readonly text: string } {
  const { random } = world;
  const count = 2 + random.below(3);
  const rules = random.some(kinds, count).map((kind, index): TrueRule => {
    const who = kind(world);
    const { targets, condition } = targetCondition(world);
    const when = condition === undefined ? who : `${who} && ${condition}`;
    return { name: `true-${index}`, targets, when };
  });
  const text = JSON.stringify({
    version: 1,
    rules: rules.map((rule) => ({ ...rule, effect: 'approve' })),
  });
  return { rules, text };
}

const quoted = (texts: readonly string[]): string => JSON.stringify(texts);

const kinds: readonly ((world: World) => string)[] = [
  ({ random }) => below(random.pick(['corp', 'landing-zones', 'data', 'online'])),
  ({ random }) => below(random.pick(['corp-legacy', 'corp-new', 'platform'])),
  ({ random, own }) =>
    `endpoint.subscriptionId in ${quoted(random.some(own, 4 + random.below(8)).map(({ subscriptionId }) => subscriptionId))}`,
  () => 'endpoint.subscriptionId == target.subscriptionId',
  ({ random, own }) =>
    `has(endpoint.virtualNetworkId) && endpoint.virtualNetworkId in ${quoted(random.some(own, 5).flatMap(({ networks }) => networks.slice(0, 1)))}`,
  ({ random, own }) => {
    const hub = random.pick(own.flatMap(({ hubs }) => hubs));
    return `has(endpoint.tenant) && endpoint.tenant == "own" && has(endpoint.peeredNetworks) && "${hub}" in endpoint.peeredNetworks`;
  },
  ({ partners }) => `has(endpoint.tenantId) && endpoint.tenantId == "${partners[0]!.tenantId}"`,
  ({ random, managed }) =>
    `has(requester.id) && requester.id in ${quoted(random.some(managed, 3).flatMap(({ behind }) => behind?.id ?? []))}`,
];

function below(group: string): string {
  return `has(requester.managementGroups) && "${group}" in requester.managementGroups`;
}

function targetCondition({ random }: World): {
  readonly targets: readonly string[] | undefined;
  readonly condition: string | undefined;
} {
  const targets = random.happens(0.35)
    ? random.some(services, 1 + random.below(2)).map(([, service]) => service)
    : undefined;
  const some = random.some(environments, 1 + random.below(2));
  const condition = random.pick([
    undefined,
    `has(target.tags) && "env" in target.tags && target.tags["env"] in ${quoted(some)}`,
    'has(target.tags) && !("env" in target.tags && target.tags["env"] == "prod")',
    `has(target.tags) && "owner" in target.tags && target.tags["owner"] == "team-${random.below(9)}"`,
  ]);
  return { targets, condition };
}
