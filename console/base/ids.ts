const portals: Readonly<Record<string, string>> = {
  'https://login.microsoftonline.us': 'https://portal.azure.us',
  'https://login.partner.microsoftonline.cn': 'https://portal.azure.cn',
  'https://login.chinacloudapi.cn': 'https://portal.azure.cn',
};

/** Returns the last part of an ARM id, its name. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/**
 * Returns what the window's title calls a connection: by its target, because its own name is the requester's.
 */
export function titleOf(id: string): string {
  const [, target] = /\/([\w.-]{1,80})\/privateEndpointConnections\/[^/]+$/i.exec(id) ?? [];
  return target === undefined ? 'Connection' : `Connection of ${target}`;
}

/**
 * Returns the page of a resource in the Azure portal of the cloud that people sign in to. Returns
 * undefined for text that is no ARM id of plain letters: a link leads nowhere else.
 */
export function portalLink(id: string, authority: string): string | undefined {
  if (!/^\/subscriptions\/[\da-f-]{36}\/[\w.()/-]+$/i.test(id) || /\/\.{0,2}(\/|$)/.test(id))
    return undefined;
  return `${portals[authority] ?? 'https://portal.azure.com'}/#resource${id}`;
}
