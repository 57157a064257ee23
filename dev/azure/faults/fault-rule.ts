/** A fault and its conditions, all of which must hold. */
export interface FaultRule {
  readonly id?: string | undefined;
  /** A regular expression for the method, e.g. `PUT|DELETE`. */
  readonly method?: string | undefined;
  /** A regular expression for path and query, case-insensitive. */
  readonly path?: string | undefined;
  /** The object id of the caller. Never matches a caller without a valid token. */
  readonly principal?: string | undefined;
  /** The id of a target. Matches requests to it or below it. */
  readonly target?: string | undefined;
  /** The id of a connection. Matches requests to it, not lists that contain it. */
  readonly connection?: string | undefined;
  /** The rule applies for this long after it was added, in seconds of the local clock. */
  readonly forSeconds?: number | undefined;
  /** The minimum distance between two faults of one group on the same target or endpoint. */
  readonly apart?: Apart | undefined;
  /** Matches only the n-th matching request, counted from 1. */
  readonly nth?: number | undefined;
  /** The maximum number of times that the rule fires. */
  readonly times?: number | undefined;
  /** A probability from 0 to 1, drawn from the seed. */
  readonly probability?: number | undefined;
  readonly effect: FaultEffect;
}

export interface Apart {
  readonly group: string;
  readonly seconds: number;
  /** How many reads without any fault must come in between. Default 0. */
  readonly reads?: number | undefined;
}

export type FaultEffect =
  | StatusEffect
  | Lie
  /** Cuts the connection before the request is read, or after it was handled. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** Delays the reply by this many seconds of the local clock; the request is handled at once. */
  | { readonly kind: 'slow'; readonly seconds: number }
  /** Sends the reply without its body. */
  | { readonly kind: 'empty-body' }
  /** Cuts off the reply in the middle of its JSON. */
  | { readonly kind: 'malformed-body' }
  /** Lengthens the reply by this much, with an unknown property. */
  | { readonly kind: 'huge-body'; readonly bytes: number }
  /** Moves operation URLs in the reply to another origin. */
  | { readonly kind: 'foreign-operation-url'; readonly origin: string }
  /** Makes the operation that this write starts fail. */
  | {
      readonly kind: 'operation-fails';
      readonly code?: string | undefined;
      readonly message?: string | undefined;
    }
  /** Adds a rule once this write has taken effect, for the same connection unless the rule names another. */
  | { readonly kind: 'afterwards'; readonly rule: FaultRule }
  /** Removes the connection or the target that the path names. */
  | { readonly kind: 'vanish'; readonly what: 'connection' | 'target'; readonly when: 'before' | 'after' };

/** A status instead of the reply, sent before any work or (`when: 'after'`) after it. */
export interface StatusEffect {
  readonly kind: 'status';
  readonly status: number;
  readonly when?: 'before' | 'after' | undefined;
  /** Sent unchanged, in real seconds. */
  readonly retryAfterSeconds?: number | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  /** The body as text. Absent: ARM's error envelope. `''`: no body. */
  readonly body?: string | undefined;
}

export interface FiredFault {
  readonly id: string;
  readonly effect: FaultEffect;
}

/** A false statement by ARM. The world behind it does not change. */
export type Lie =
  /** Says 404, before any work or (`when: 'after'`) after it. `parent`: the target is missing. */
  | {
      readonly kind: 'not-found';
      readonly what?: 'itself' | 'parent' | undefined;
      readonly when?: 'before' | 'after' | undefined;
    }
  /**
   * Leaves connections out of lists: those whose id matches `without`, or all but the first `keep`, or all.
   */
  | {
      readonly kind: 'shorter-list';
      /** A regular expression, case-insensitive. */
      readonly without?: string | undefined;
      readonly keep?: number | undefined;
    }
  /** Shows each connection's endpoint in another spelling, or not at all. */
  | { readonly kind: 'endpoint-shown'; readonly as: EndpointShown }
  /** Shows another `provisioningState` on each connection. `null`: leaves it out. */
  | { readonly kind: 'provisioning-state'; readonly state: string | null }
  /** Shows another status on each connection, known or unknown. */
  | { readonly kind: 'connection-status'; readonly status: string }
  /**
   * Shows a word at the URL of the operation that this write starts: `InProgress` forever, any other word at
   * its end.
   */
  | { readonly kind: 'operation-says'; readonly word: string }
  /** Accepts the delete and reports success, but keeps the connection. */
  | { readonly kind: 'delete-undone' };

export type EndpointShown = 'left-out' | 'null' | 'empty' | 'trailing-slash' | 'upper-case';
