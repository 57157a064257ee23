import type { Fence } from '../../connections/connection-store';
import type { Urgency } from './rate-limit/bucket';
import type { ArmMethod } from './rbac-action';

/** What goes through the door: see `ArmDoor`. */
export interface ArmRequest {
  readonly method: ArmMethod;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** The URL came in a reply: its api-version is ARM's own choice, and stays. */
  readonly isGiven?: boolean | undefined;
  /** Asked right before the request leaves. */
  readonly fence?: Fence | undefined;
  /** A `poll` waits sooner and longer than others when ARM is scarce. Default `usual`. */
  readonly urgency?: Urgency | undefined;
}
