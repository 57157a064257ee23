import type { ArmMethod } from '../rbac-action';

/** What ARM counts separately. */
export type OperationClass = 'reads' | 'writes' | 'deletes';

/** Whose bucket a request is taken from. */
export interface ArmScope {
  /** Lower case; `undefined` for what belongs to the tenant. */
  readonly subscriptionId: string | undefined;
  readonly operationClass: OperationClass;
  /** The namespace of the resource provider that answers, lower case, e.g. `microsoft.keyvault`. */
  readonly provider: string | undefined;
}

const subscriptionPattern = /^\/subscriptions\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/i;
const providerPattern = /^.*\/providers\/([\w.-]{1,100})(?:\/|$)/i;

/** From any URL on ARM's origin: of a resource, of a page of a list, of an operation. */
export function armScopeOf(method: ArmMethod, url: string): ArmScope {
  const { pathname } = new URL(url);
  const provider = providerPattern.exec(pathname)?.[1]?.toLowerCase();
  return {
    subscriptionId: subscriptionPattern.exec(pathname)?.[1]?.toLowerCase(),
    operationClass: classOf(method, provider),
    provider,
  };
}

function classOf(method: ArmMethod, provider: string | undefined): OperationClass {
  switch (method) {
    case 'GET':
      return 'reads';
    case 'DELETE':
      return 'deletes';
    case 'PUT':
      return 'writes';
    case 'POST':
      return provider === resourceGraph ? 'reads' : 'writes';
  }
}

/** Its query is a POST that only reads. */
export const resourceGraph = 'microsoft.resourcegraph';
