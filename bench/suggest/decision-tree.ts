import { DecisionTreeClassifier } from 'ml-cart';
import type { Facts } from '../../src/policy/facts/facts';

/** The facts that the tree learns from: the same that suggested rules may read. */
function featuresOf(facts: Facts): readonly (readonly [name: string, value: string])[] {
  const { endpoint, requester, target } = facts;
  return [
    ['tenant', endpoint?.tenant ?? ''],
    ['tenantId', endpoint?.tenantId ?? ''],
    ['subscription', endpoint?.subscriptionId ?? ''],
    ['own subscription', requester?.subscriptionId ?? ''],
    ['network', endpoint?.virtualNetworkId ?? ''],
    ['resource', requester?.how === 'endpoint' ? '' : (requester?.id ?? '')],
    ['same', String(endpoint?.subscriptionId === target.subscriptionId)],
    ['type', target.type],
    ...(requester?.managementGroups ?? []).map((group) => [`group ${group}`, 'yes'] as const),
    ...(endpoint?.peeredNetworks ?? []).map((network) => [`hub ${network}`, 'yes'] as const),
    ...Object.entries(target.tags ?? {}).map(([tag, value]) => [`tag ${tag}`, value] as const),
  ];
}

/** A plain decision tree: facts as numbers, one column for each fact, one number for each value. */
export class PlainTree {
  private readonly columns = new Map<string, Map<string, number>>();
  private readonly tree = new DecisionTreeClassifier({
    gainFunction: 'gini',
    maxDepth: 20,
    minNumSamples: 5,
  });

  constructor(examples: readonly { readonly facts: Facts; readonly isApproved: boolean }[]) {
    for (const [name, value] of examples.flatMap(({ facts }) => featuresOf(facts))) {
      const values = this.columns.get(name) ?? new Map<string, number>();
      this.columns.set(name, values);
      if (!values.has(value)) values.set(value, values.size + 1);
    }
    this.tree.train(
      examples.map(({ facts }) => this.row(facts)),
      examples.map(({ isApproved }) => (isApproved ? 1 : 0)),
    );
  }

  /** Predicts which connections people would approve. */
  predict(all: readonly Facts[]): readonly boolean[] {
    return this.tree.predict(all.map((facts) => this.row(facts))).map((label) => label === 1);
  }

  /** Values that were never seen, and facts that are absent, are 0. */
  private row(facts: Facts): number[] {
    const known = new Map(featuresOf(facts));
    return [...this.columns].map(([name, values]) => values.get(known.get(name) ?? '') ?? 0);
  }
}
