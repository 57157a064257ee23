import type { Fence } from '../../connections/connection-store';
import type { Urgency } from './rate-limit/bucket';
import type { ArmMethod } from './rbac-action';

/** A request to ARM: see `ArmClient`. */
export interface ArmRequest {
  readonly method: ArmMethod;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** Whether the URL came in a reply: its api-version is ARM's own choice, and stays. */
  readonly isGiven?: boolean | undefined;
  /** Whether to send no token: what ARM says to anybody, such as the tenant of a subscription. */
  readonly isAnonymous?: boolean | undefined;
  /** Called right before the request leaves. */
  readonly fence?: Fence | undefined;
  /**
   * The rate limiter's priority: a `poll` waits sooner and longer when ARM requests are scarce. Default
   * `usual`.
   */
  readonly urgency?: Urgency | undefined;
}
