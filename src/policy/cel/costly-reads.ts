import { fieldOf, isFactRoot } from '../facts/fact-fields';
import { accessOf, type CelNode, childrenOf } from './ast';

/**
 * Which costly facts are read. Such facts take an ARM call: one for the target, one for each
 * endpoint and each network, one a day for each subscription, one in a quarter of an hour for the
 * list of all subscriptions, and a few to know which resource of ours asks. Whoever reads that list
 * or that resource also asks for tenants, and whoever reads a network also reads the endpoint that
 * names it.
 */
export interface CostlyReads {
  readonly target: boolean;
  readonly endpoint: boolean;
  readonly network: boolean;
  readonly tenant: boolean;
  readonly requester: boolean;
  readonly subscriptions: boolean;
  /** Whether announcements are read. One by name also needs the endpoint's tenant. */
  readonly expected: boolean;
}

/** No costly fact. */
export const noReads: CostlyReads = Object.freeze({
  target: false,
  endpoint: false,
  network: false,
  tenant: false,
  requester: false,
  subscriptions: false,
  expected: false,
});

/** Every costly fact. */
export const everyRead: CostlyReads = Object.freeze({
  target: true,
  endpoint: true,
  network: true,
  tenant: true,
  requester: true,
  subscriptions: true,
  expected: true,
});

/** Returns whether any costly fact is read. */
export function readsCostly(reads: CostlyReads): boolean {
  return Object.values(reads).includes(true);
}

/** Joins what several conditions read. */
export function allReads(reads: readonly CostlyReads[]): CostlyReads {
  return {
    target: reads.some(({ target }) => target),
    endpoint: reads.some(({ endpoint }) => endpoint),
    network: reads.some(({ network }) => network),
    tenant: reads.some(({ tenant }) => tenant),
    requester: reads.some(({ requester }) => requester),
    subscriptions: reads.some(({ subscriptions }) => subscriptions),
    expected: reads.some(({ expected }) => expected),
  };
}

/** Finds the costly facts that an expression reads. */
export function readsOf(root: CelNode): CostlyReads {
  const reads = { ...noReads };
  const visit = (node: CelNode): void => {
    const access = accessOf(node);
    const field =
      access !== undefined && isFactRoot(access.root) ? fieldOf(access.root, access.field) : undefined;
    if (field?.cost === 'reads the target') reads.target = true;
    if (field?.cost === 'reads the endpoint') reads.endpoint = true;
    if (field?.cost === 'reads the network') reads.endpoint = reads.network = true;
    if (field?.cost === 'asks for the tenant') reads.tenant = true;
    if (field?.cost === 'asks our resources') reads.tenant = reads.requester = true;
    if (field?.cost === 'reads subscriptions') reads.tenant = reads.requester = reads.subscriptions = true;
    if (field?.cost === 'asks for the tenant of an announced name') reads.expected = true;
    childrenOf(node).forEach(visit);
  };
  visit(root);
  return reads;
}

/** Tells whether an expression reads a fact. */
export function readsFact(root: CelNode, group: string, name: string): boolean {
  const access = accessOf(root);
  const isIt = access?.root === group && access.field === name;
  return isIt || childrenOf(root).some((child) => readsFact(child, group, name));
}
