import type { WriteEffect } from '../connections/connection-store';

/** What is needed to poll an operation once more. Serialisable; a version that is not known is refused. */
export interface Ticket {
  readonly version: 1;
  readonly connectionId: string;
  readonly effect: WriteEffect;
  /** The status before the write: API Management and disk accesses go on showing it while they work. */
  readonly statusBefore: string;
  /** `operation`: the provider's operation URL is asked; `proof`: the connection is read again. */
  readonly phase: 'operation' | 'proof';
  /** On ARM's origin; only in phase `operation`. */
  readonly operationUrl?: string | undefined;
  /** Whether ARM confirmed that it took the write. Without that, the outcome is unknown until proven. */
  readonly confirmed: boolean;
  /** The decision that the description sent along names; absent when none was sent, or its note did not fit. */
  readonly namedDecision?: string | undefined;
  /** What the operation URL reported when it ended badly; the connection is read before that is believed. */
  readonly reportedError?: string | undefined;
  readonly pollFloorSeconds: number;
  /** The endpoint behind the connection when it was written to; absent when it was not known. */
  readonly endpointKey?: string | undefined;
  /** From then on the old status is an answer, and no lag: nothing was done, or somebody has undone it. ISO 8601. */
  readonly answersBy?: string | undefined;
  /** However often ARM lets nobody look, the deadline moves on no further than this. ISO 8601. */
  readonly throttledUntil?: string | undefined;
  /** Since when no look has found the connection. ISO 8601. */
  readonly missingSince?: string | undefined;
  /** Since when it shows a provisioning state that nobody documented. ISO 8601. */
  readonly unknownSince?: string | undefined;
  readonly deadlineAt: string;
  readonly polls: number;
}
