import type { ConsoleRole } from '../api';

/** A person who has signed in, as the verified token states. */
export interface Person {
  /** Object id in the tenant. A GUID in lower case: the only name that permissions depend on. */
  readonly oid: string;
  /** Display name, sanitized, for people only. */
  readonly name: string;
  readonly roles: ReadonlySet<ConsoleRole>;
  /** Object ids of the person's groups, in lower case; absent: unknown, because the token has no room for them. */
  readonly groups: ReadonlySet<string> | undefined;
  /** The token's own id, which Entra's sign-in log has, too. */
  readonly tokenId: string | undefined;
}
