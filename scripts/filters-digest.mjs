import { createHash } from 'node:crypto';

/** Tells one state of infra/events/filters.json from another: event subscriptions bear it in their label. */
export function digestOf(filters) {
  const text = JSON.stringify({ ...filters, digest: undefined });
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
