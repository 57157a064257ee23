/** Shortens the id of a target to what people call it: its name, its resource group and its subscription. */
export function shortTarget(id: string): string {
  const [, subscription = '', group = '', name = ''] =
    /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/providers\/.*\/([^/]+)$/i.exec(id) ?? [];
  return name === '' ? id : `${name} in ${group} of ${subscription.slice(0, 8)}`;
}
