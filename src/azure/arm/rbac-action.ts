export type ArmMethod = 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';

const verbs: Readonly<Record<ArmMethod, string>> = {
  GET: 'read',
  PUT: 'write',
  PATCH: 'write',
  POST: 'action',
  DELETE: 'delete',
};

/**
 * Returns the RBAC action that a request needs, e.g.
 * `Microsoft.KeyVault/vaults/privateEndpointConnections/write`, from its method and the last provider in its
 * path; `undefined` for a path without one.
 */
export function actionOf(method: ArmMethod, url: string): string | undefined {
  const path = new URL(url).pathname.split('/');
  const provider = path.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  const [namespace, ...rest] = provider === -1 ? [] : path.slice(provider + 1);
  const types = rest.filter((_, index) => index % 2 === 0);
  if (namespace === undefined || types.length === 0) return undefined;
  // Resource Graph's query is a POST that only reads.
  const verb = namespace.toLowerCase() === 'microsoft.resourcegraph' ? 'read' : verbs[method];
  return [namespace, ...types, verb].join('/');
}

const quotedAction = /perform action(?:\(s\)|s)?\s+'([\w.]+(?:\/[\w*]+)+)'/gi;

/**
 * Returns the action that ARM's own message names as missing: the last one, because a linked scope is named
 * after the first.
 */
export function actionNamedIn(message: string): string | undefined {
  return [...message.matchAll(quotedAction)].at(-1)?.[1];
}
