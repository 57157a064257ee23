/** What goes wrong, and when. All conditions that are given must hold. */
export interface FaultRule {
  readonly id?: string | undefined;
  /** A regular expression over the method, e.g. `PUT|DELETE`. */
  readonly method?: string | undefined;
  /** A regular expression over path and query, without case. */
  readonly path?: string | undefined;
  /** The object id of the caller; never true for a caller without a valid token. */
  readonly principal?: string | undefined;
  /** The id of a target: only what is asked of it or below it. */
  readonly target?: string | undefined;
  /** The id of a connection: only what is asked of it, not the list in which it stands. */
  readonly connection?: string | undefined;
  /** Only so long after the rule was added, in seconds of the local clock. */
  readonly forSeconds?: number | undefined;
  /** Rules of one group fire no more often than that about one target (or one endpoint). */
  readonly apart?: { readonly group: string; readonly seconds: number } | undefined;
  /** Only the n-th matching request (1 is the first). */
  readonly nth?: number | undefined;
  /** No more often than this. */
  readonly times?: number | undefined;
  /** From 0 to 1; drawn from the seed. */
  readonly probability?: number | undefined;
  readonly effect: FaultEffect;
}

export type FaultEffect =
  | StatusEffect
  | Lie
  /** The connection is cut before the request is read, or after its work was done. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** The reply comes late by this many seconds of the local clock; the work is done at once. */
  | { readonly kind: 'slow'; readonly seconds: number }
  /** The right reply without its body. */
  | { readonly kind: 'empty-body' }
  /** The right reply, cut off in the middle of its JSON. */
  | { readonly kind: 'malformed-body' }
  /** The right reply, made this much longer by a property nobody knows. */
  | { readonly kind: 'huge-body'; readonly bytes: number }
  /** Operation URLs in the reply point to another origin. */
  | { readonly kind: 'foreign-operation-url'; readonly origin: string }
  /** The operation that this write begins ends as failed. */
  | {
      readonly kind: 'operation-fails';
      readonly code?: string | undefined;
      readonly message?: string | undefined;
    }
  /** Once this write has taken effect, the rule begins: about the same connection, unless it names another. */
  | { readonly kind: 'afterwards'; readonly rule: FaultRule }
  /** The connection or the target that the path names disappears. */
  | { readonly kind: 'vanish'; readonly what: 'connection' | 'target'; readonly when: 'before' | 'after' };

/** A status instead of the right reply: before any work, or (`when: 'after'`) with the work done. */
export interface StatusEffect {
  readonly kind: 'status';
  readonly status: number;
  readonly when?: 'before' | 'after' | undefined;
  /** Sent as it is, in real seconds. */
  readonly retryAfterSeconds?: number | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  /** The body as text; absent: ARM's error envelope; `''`: none. */
  readonly body?: string | undefined;
}

export interface FiredFault {
  readonly id: string;
  readonly effect: FaultEffect;
}

/** What ARM says although it is not so. The world behind it stays as it is. */
export type Lie =
  /** It is not there: said before any work, or (`when: 'after'`) with the work done. `parent`: its target is not. */
  | {
      readonly kind: 'not-found';
      readonly what?: 'itself' | 'parent' | undefined;
      readonly when?: 'before' | 'after' | undefined;
    }
  /** Lists without some of their connections: those whose id `without` matches, or all but the first `keep`; else all. */
  | {
      readonly kind: 'shorter-list';
      /** A regular expression, without case. */
      readonly without?: string | undefined;
      readonly keep?: number | undefined;
    }
  /** Another spelling of each connection's endpoint, or none. */
  | { readonly kind: 'endpoint-shown'; readonly as: EndpointShown }
  /** Another `provisioningState` of each connection; `null`: it is left out. */
  | { readonly kind: 'provisioning-state'; readonly state: string | null }
  /** Another status of each connection, known or not. */
  | { readonly kind: 'connection-status'; readonly status: string }
  /** What the URL of the operation that this write begins says: `InProgress` for ever, any other word at its end. */
  | { readonly kind: 'operation-says'; readonly word: string }
  /** The delete is taken and ends well, and the connection stays. */
  | { readonly kind: 'delete-undone' };

export type EndpointShown = 'left-out' | 'null' | 'empty' | 'trailing-slash' | 'upper-case';
