import { CliError } from './cli-host';
import { idOrSame } from './id-argument';

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Subscription ids separated by commas, or ARM ids of subscriptions; nothing stated is none, which stands for all. @throws CliError */
export function subscriptionsFrom(text: string | undefined, option = '--subscriptions'): readonly string[] {
  if (text === undefined) return [];
  const ids = text.split(',').map((id) => idOf(id.trim()).toLowerCase());
  if (!ids.every((id) => guid.test(id)))
    throw new CliError(`${option} takes subscription ids (GUIDs), separated by commas`);
  return ids;
}

function idOf(text: string): string {
  const [, id] = /^\/subscriptions\/([^/]+)$/i.exec(idOrSame(text)) ?? [];
  return id ?? text;
}
