import { fieldOf, isFactRoot } from '../facts/fact-fields';
import { accessOf, type CelNode, childrenOf } from './ast';

/**
 * Which costly facts are read. Such facts take an ARM call: one for the target, one for each
 * endpoint.
 */
export interface CostlyReads {
  readonly target: boolean;
  readonly endpoint: boolean;
}

/** Returns whether any costly fact is read. */
export function readsCostly({ target, endpoint }: CostlyReads): boolean {
  return target || endpoint;
}

/** Finds the costly facts that an expression reads. */
export function readsOf(root: CelNode): CostlyReads {
  const reads = { target: false, endpoint: false };
  const visit = (node: CelNode): void => {
    const access = accessOf(node);
    const field =
      access !== undefined && isFactRoot(access.root) ? fieldOf(access.root, access.field) : undefined;
    if (field?.cost === 'reads the target') reads.target = true;
    if (field?.cost === 'reads the endpoint') reads.endpoint = true;
    childrenOf(node).forEach(visit);
  };
  visit(root);
  return reads;
}
