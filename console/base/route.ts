/** The lists of the first screen. */
export type Tab = 'held' | 'working' | 'limited' | 'given-up' | 'recent';

/** The tabs in their order, with the words for them. */
export const tabs: readonly { readonly tab: Tab; readonly label: string }[] = [
  { tab: 'held', label: 'Held' },
  { tab: 'working', label: 'Working' },
  { tab: 'limited', label: 'Limits' },
  { tab: 'given-up', label: 'Given up' },
  { tab: 'recent', label: 'Recent' },
];

/** What the page shows. */
export type Route =
  | { readonly kind: 'list'; readonly tab: Tab; readonly after?: string; readonly day?: string }
  | { readonly kind: 'connection'; readonly id: string };

/** Reads the route from the hash of a URL. Whatever is not a route shows the held connections. */
export function routeOf(hash: string): Route {
  const [path, query] = splitOnce(hash.replace(/^#?\/?/, ''), '?');
  const search = new URLSearchParams(query);
  const id = search.get('id');
  if (path === 'connection' && id !== null && id !== '') return { kind: 'connection', id };
  const tab = tabs.find((each) => each.tab === path)?.tab ?? 'held';
  const after = search.get('after');
  const day = search.get('day');
  return {
    kind: 'list',
    tab,
    ...(after === null ? {} : { after }),
    ...(day !== null && /^\d{4}-\d{2}-\d{2}$/.test(day) ? { day } : {}),
  };
}

/** Returns the hash that shows a route. */
export function hashOf(route: Route): string {
  if (route.kind === 'connection') return `#/connection?${new URLSearchParams({ id: route.id }).toString()}`;
  const search = new URLSearchParams();
  if (route.day !== undefined) search.set('day', route.day);
  if (route.after !== undefined) search.set('after', route.after);
  const query = search.toString();
  return `#/${route.tab === 'held' ? '' : route.tab}${query === '' ? '' : `?${query}`}`;
}

function splitOnce(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
