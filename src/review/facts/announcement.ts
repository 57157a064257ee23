import type { SpentRequest } from '../../operations/operation-store';
import type { ExpectedRequest } from '../../policy/expected/expected-requests';

/** What was announced of a connection. */
export type Announcement =
  /** The connection is the announced one. `spends`: what its approval uses; absent if it has used it already. */
  | {
      readonly kind: 'expected';
      readonly request: ExpectedRequest;
      readonly spends: SpentRequest | undefined;
    }
  /** An announcement fits the connection, and does not count for it. `why` is a sentence for people. */
  | { readonly kind: 'unclear'; readonly request: ExpectedRequest; readonly why: string };

/** Describes an announcement in a record, for people. */
export function announcementText(announcement: Announcement | undefined): string | undefined {
  if (announcement === undefined) return undefined;
  const { id, by, until } = announcement.request;
  const what = `${id} by ${by}, until ${until.toISOString()}`;
  return announcement.kind === 'expected' ? what : `${what}; does not count: ${announcement.why}`;
}
