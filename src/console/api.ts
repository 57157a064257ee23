/**
 * The console's API: the types of its requests, replies and errors. The page imports them, too, so
 * that this file contains types only and imports nothing.
 *
 * Every path is below `console/`. A request other than `api/config` carries
 * `Authorization: Bearer TOKEN`. Bodies are JSON of at most 16 KiB. All text that a stranger chose is
 * sanitized (`\u{202e}` for what cannot be seen), and still must be shown as text only. Instants are
 * ISO 8601 in UTC; ids are ARM ids.
 */

/** The app roles of the registration, which every call checks. */
export type ConsoleRole = 'Postern.Viewer' | 'Postern.Approver' | 'Postern.Operator';

/** What a person can answer. `delete` is possible for Disconnected connections only. */
export type AnswerEffect = 'approve' | 'reject' | 'delete';

/** What a policy decides. */
export type ConsoleEffect = AnswerEffect | 'hold';

/** Whether decisions are carried out (`enforce`) or only recorded (`audit`). */
export type ConsoleMode = 'enforce' | 'audit';

/**
 * Reply of `GET api/config`, which needs no token. The page signs in with
 * `AUTHORITY/TENANT/oauth2/v2.0/authorize` and `AUTHORITY/TENANT/oauth2/v2.0/token`.
 */
export interface ConsoleConfig {
  /** Origin of the sign-in service, without a slash at the end. */
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** The scopes to ask for, separated by blanks. */
  readonly scope: string;
}

/** Reply of `GET api/me`, for every signed-in person with at least one role. */
export interface Me {
  readonly oid: string;
  readonly name: string;
  /** In the order viewer, approver, operator. */
  readonly roles: readonly ConsoleRole[];
  /** Absent while the policy does not load: see `suspended`. */
  readonly mode?: ConsoleMode;
  readonly policyDigest?: string;
  /** Why nothing is decided at present: the policy did not load. Absent: it did. */
  readonly suspended?: string;
  /** Why a newer version of the policy is not in force. Absent: there is none. */
  readonly refused?: string;
  /** Absent if no sweep has ended yet. */
  readonly lastSweepAt?: string;
  /** The present time on the server. */
  readonly now: string;
}

/** Why an open connection is listed: it waits for a person, is being written, or was given up. */
export type OpenState = 'held' | 'answered' | 'working' | 'limited' | 'given up';

/**
 * What is unusual about a stranger's text. `letters`: letters beyond ASCII in a name or an id, which
 * may look like others. `invisible`: characters that cannot be seen, spelled out as `\u{…}`.
 * `imitation`: the message contains a note as only Postern writes it.
 */
export type Oddity = 'letters' | 'invisible' | 'imitation';

/** One open connection of `GET api/open`. */
export interface OpenItem {
  /** The connection's id. */
  readonly id: string;
  readonly target: string;
  readonly targetType: string;
  readonly endpoint?: string;
  /** Subscription of the endpoint, a GUID in lower case. */
  readonly requesterSubscription?: string;
  /** The requester's words, at most 256 characters. */
  readonly message?: string;
  readonly status: string;
  /** When Postern first saw the connection in that status. */
  readonly since: string;
  readonly state: OpenState;
  /** The rules that decided; empty: no rule matched. */
  readonly rules: readonly string[];
  /** At most 256 characters. */
  readonly reason: string;
  readonly effect?: ConsoleEffect;
  readonly mode?: ConsoleMode;
  readonly decisionId?: string;
  readonly odd: readonly Oddity[];
}

/**
 * Reply of `GET api/open?state=STATE&after=NEXT`: one page, oldest first. The state is `held` if the
 * query names none; `held` includes `answered`, which still waits. Has an ETag: with `If-None-Match`, the reply is 304
 * without a body if nothing has changed.
 */
export interface OpenPage {
  /** At most 50. May be empty although `next` is there. */
  readonly items: readonly OpenItem[];
  /** Value of `after` for the next page; absent on the last one. */
  readonly next?: string;
  /** How many connections are in that state, on the first page only. */
  readonly count?: { readonly n: number; /** Whether there are more. */ readonly more: boolean };
  readonly asOf: string;
}

/** How a connection's last decision ended. */
export type RecentKind =
  | 'applied'
  | 'failed'
  | 'expired'
  | 'unproven'
  | 'superseded'
  | 'abandoned'
  | 'answered'
  | 'lapsed'
  | 'withdrawn';

/** One end of `GET api/recent`. */
export interface RecentItem {
  readonly id: string;
  readonly target: string;
  readonly targetType?: string;
  readonly endpoint?: string;
  readonly kind: RecentKind;
  readonly effect?: ConsoleEffect;
  readonly rules: readonly string[];
  readonly reason: string;
  /** The person whose answer it was; absent if policy decided. */
  readonly by?: string;
  readonly at: string;
  readonly odd: readonly Oddity[];
}

/**
 * Reply of `GET api/recent?day=2026-01-31&after=NEXT`: the ends of one UTC day, newest first. Without
 * `day`: today. Days older than 30 are empty.
 */
export interface RecentPage {
  readonly day: string;
  readonly items: readonly RecentItem[];
  readonly next?: string;
}

/** A value that a rule read. `value` is any JSON. */
export type SawFact =
  { readonly fact: string; readonly value: unknown } | { readonly fact: string; readonly absent: true };

/** One rule and what it contributed. */
export interface ExplainedRuleView {
  readonly rule: string;
  readonly effect: ConsoleEffect;
  /** `not asked`: the rule does not apply to the connection's status. */
  readonly outcome: 'matched' | 'missed' | 'failed' | 'not asked';
  /** Whether it is one of the rules that decided. */
  readonly decided: boolean;
  readonly when: string;
  readonly path: string;
  readonly line: number;
  /** Why it could not be evaluated; `failed` only. */
  readonly problem?: string;
  /** The false parts of `a && b`; `missed` only. */
  readonly falseParts: readonly string[];
  readonly saw: readonly SawFact[];
  /** The statuses that it applies to. */
  readonly on: readonly string[];
}

/** The operation of a connection. */
export interface OperationView {
  readonly effect: AnswerEffect;
  readonly state:
    'planned' | 'running' | 'applied' | 'failed' | 'expired' | 'unproven' | 'superseded' | 'abandoned';
  readonly decisionId: string;
  readonly attempt: number;
  readonly plannedAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly error?: string;
  readonly retryAt?: string;
  /** The limit that holds it until an operator lifts it. */
  readonly heldByLimit?: LimitKind;
}

/** The limits that an operator can lift. */
export type LimitKind = 'rejects' | 'deletes' | 'revocations';

/** One person's answer. */
export interface GivenAnswer {
  readonly oid: string;
  readonly name: string;
  readonly effect: AnswerEffect;
  readonly reason: string;
  readonly ticket?: string;
  /** End of the approval. */
  readonly until?: string;
  readonly at: string;
  /** Whether the caller gave it, and may withdraw it. */
  readonly mine: boolean;
}

/** The answer that a connection has at present. */
export interface AnswerView {
  readonly effect: AnswerEffect;
  /** Whose agreement it has, in the order of time. */
  readonly answers: readonly GivenAnswer[];
  /** How many people must agree. */
  readonly needed: number;
  readonly state: 'taken' | 'waits for a second person';
  /** When it becomes void unless it was carried out. */
  readonly voidAt: string;
}

/** Whether the caller may give an answer; otherwise why not, in words for people. */
export type May = { readonly ok: true } | { readonly no: string };

/** Reply of `GET api/connection?id=ID`: the connection as ARM shows it now, decided now. */
export interface ConnectionView {
  readonly connection: {
    readonly id: string;
    readonly name: string;
    readonly status: string;
    /** The requester's words while Pending, Azure's description afterwards. */
    readonly message: string;
    readonly groupIds: readonly string[];
    /** When Postern first saw the status; absent if it has not reviewed the connection yet. */
    readonly since?: string;
    readonly odd: readonly Oddity[];
  };
  readonly target: {
    readonly id: string;
    readonly name: string;
    readonly type: string;
    /** The type for people, such as `Key vault`. */
    readonly label: string;
    readonly subscription: string;
    readonly odd: readonly Oddity[];
  };
  readonly endpoint?: {
    readonly id: string;
    readonly name?: string;
    readonly subscription?: string;
    readonly odd: readonly Oddity[];
  };
  /** Which resource of ours asked a service of Microsoft for it, or why that is not proven. */
  readonly requesterProof?: string;
  /** The announcement of this request. */
  readonly expected?: { readonly by: string; readonly until: string };
  /** The policy's lists that contain the requester's subscription. */
  readonly inLists: readonly string[];
  /** Names the question that an answer answers; absent if no rule applies to the status. */
  readonly decisionId?: string;
  /** Digest of what the rules read. */
  readonly seen: string;
  /** Absent if no rule applies to the status. */
  readonly effect?: ConsoleEffect;
  readonly reason?: string;
  readonly why: string;
  readonly mode: ConsoleMode;
  readonly policyDigest: string;
  /** Deciding rules first, then failed, matched, missed and those that were not asked. */
  readonly rules: readonly ExplainedRuleView[];
  /** Why nothing can be decided at present, such as a fact that could not be read. */
  readonly unclear?: string;
  readonly operation?: OperationView;
  readonly answer?: AnswerView;
  readonly may: Readonly<Record<AnswerEffect, May>>;
  /** What cannot be undone on this type of target. */
  readonly final: { readonly reject: boolean; readonly delete: boolean };
  /** What to ask for: whether a ticket field is useful, and the pattern that the reason must contain. */
  readonly reasonPattern?: string;
  /** When ARM was read. At most 15 s old. */
  readonly asOf: string;
}

/** One record of `GET api/history`. */
export interface HistoryItem {
  readonly kind: string;
  readonly at: string;
  readonly effect?: ConsoleEffect;
  readonly rules?: readonly string[];
  readonly reason?: string;
  readonly status?: string;
  readonly by?: string;
  readonly decisionId?: string;
  readonly attempt?: number;
  readonly error?: string;
}

/** Reply of `GET api/history?id=ID&after=NEXT`: the connection's audit records, newest first. */
export interface HistoryPage {
  readonly items: readonly HistoryItem[];
  readonly next?: string;
}

/** Body of `POST api/answer`. */
export interface AnswerRequest {
  readonly id: string;
  /** `decisionId` and `seen` of the view that the person looked at. */
  readonly decisionId: string;
  readonly seen: string;
  readonly effect: AnswerEffect;
  /** 10 to 500 characters. */
  readonly reason: string;
  /** At most 100 characters. */
  readonly ticket?: string;
  /** End of the approval, a future instant; `approve` only. */
  readonly until?: string;
  /** Must be true for what is `final`. */
  readonly confirm?: boolean;
}

/** Reply (202) of `POST api/answer`. */
export interface AnswerReply {
  readonly state: 'taken' | 'waits for a second person';
}

/** Body of `POST api/withdraw`: takes back the caller's own answer while no write has begun. */
export interface WithdrawRequest {
  readonly id: string;
  readonly decisionId: string;
}

/** Body of `POST api/retry`: `id` of a connection or of a target. */
export interface RetryRequest {
  readonly id: string;
}

/** Body of `POST api/lift`. */
export interface LiftRequest {
  readonly kind: LimitKind;
}

/** Reply (202) of `api/withdraw` and `api/retry`. */
export interface DoneReply {
  readonly state: 'done';
}

/** Reply (202) of `POST api/lift`. */
export interface LiftReply {
  readonly state: 'done';
  /** How many writes were released. */
  readonly released: number;
}

/** The codes of errors, with their HTTP statuses. */
export interface ErrorStatus {
  readonly BAD_REQUEST: 400;
  /** The reason is too short, too long, or lacks what the policy's pattern wants. */
  readonly REASON_MISSING: 400;
  readonly NOT_CONFIRMED: 400;
  /** No token, or one that is not valid: sign in again. */
  readonly UNAUTHENTICATED: 401;
  /** The role is missing. */
  readonly FORBIDDEN: 403;
  /** The policy lets other people answer. */
  readonly NOT_YOURS: 403;
  /** The policy lets nobody answer: a rule says `console: never`. */
  readonly NEVER: 403;
  readonly NOT_FOUND: 404;
  readonly METHOD_NOT_ALLOWED: 405;
  /** The question has changed: `view` is the new one. */
  readonly STALE: 409;
  readonly AUDIT_MODE: 409;
  /** Somebody has already answered differently, or the write has begun. */
  readonly ANSWERED: 409;
  /** The connection does not wait for a person. */
  readonly NOT_HELD: 409;
  readonly TOO_LARGE: 413;
  readonly NOT_JSON: 415;
  /** Has `Retry-After`. */
  readonly TOO_MANY: 429;
  readonly INTERNAL: 500;
  /** Storage, ARM or the sign-in service is unavailable, or the policy did not load. Has `Retry-After`. */
  readonly UNAVAILABLE: 503;
}

/** The code of an error. */
export type ErrorCode = keyof ErrorStatus;

/** Body of every reply that is neither 2xx nor 304. */
export interface ErrorReply {
  readonly code: ErrorCode;
  readonly message: string;
  /** `STALE` only. */
  readonly view?: ConnectionView;
}
