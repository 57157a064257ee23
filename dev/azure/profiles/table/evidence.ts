import evidence from '../../../../data/private-link-types.json';

/** A recorded or described reply to a write or a delete. */
export interface WireReply {
  readonly status: number;
  /** `connection`, `empty`, `text` or `other:` with the members of the body. */
  readonly body: string;
  readonly statusShown?: string | null | undefined;
  readonly provisioningState?: string | null | undefined;
  readonly headers: readonly string[];
  readonly count: number;
}

/** What the evidence says of one type, as far as it can be played. */
export interface TypeEvidence {
  readonly type: string;
  readonly list: {
    readonly how: string;
    readonly itemKeys?: readonly string[] | undefined;
    readonly parentProperty?: { readonly path: string } | undefined;
  };
  readonly write: {
    readonly method: string | null;
    readonly replies?: readonly WireReply[] | undefined;
    readonly needsId?: boolean | null | undefined;
    readonly swaggerBody?: { readonly groupProperty: string | null } | undefined;
    readonly swaggerReplies?: SwaggerReplies | null | undefined;
  };
  readonly delete: {
    readonly replies?: readonly WireReply[] | undefined;
    readonly swaggerReplies?: SwaggerReplies | null | undefined;
  };
  readonly states: {
    readonly terminal: readonly string[] | null;
    readonly terminalByStatus?: Readonly<Record<string, readonly string[]>> | undefined;
    readonly pendingLooksLike?: string | undefined;
    readonly secondsUntilSeenDone?: readonly number[] | null | undefined;
    readonly description?: Readonly<Record<string, number>> | undefined;
  };
  readonly transitions: Readonly<Record<string, { readonly result: unknown }>>;
  readonly groupIds: Readonly<Record<string, unknown>>;
  readonly connectionName?: { readonly pattern: readonly string[] } | undefined;
  readonly wireTypes?: readonly (string | null)[] | undefined;
  readonly identity: { readonly observed?: Readonly<Record<string, readonly string[]>> | undefined };
}

/** The replies that a specification names, by HTTP status. */
export interface SwaggerReplies {
  readonly replies: Readonly<Record<string, string>>;
  readonly markedLongRunning: boolean;
}

/** Lists the evidence of all types. */
export function allEvidence(): readonly TypeEvidence[] {
  return evidence.types;
}

/** Returns the reply to a write that was recorded most, else what the specification says. */
export function writeReplyOf({ write }: TypeEvidence): WireReply {
  const recorded = (write.replies ?? []).filter(({ status }) => status < 400);
  return mostSeen(recorded) ?? described(write.swaggerReplies, 'connection');
}

/** Returns the reply to a delete that was recorded most, else what the specification says. */
export function deleteReplyOf({ delete: remove }: TypeEvidence): WireReply {
  return mostSeen(remove.replies ?? []) ?? described(remove.swaggerReplies, 'empty');
}

/** Of equally often seen replies the later one: providers moved to operations. */
function mostSeen(replies: readonly WireReply[]): WireReply | undefined {
  const withOperation = replies.filter(({ headers }) => headers.length > 0);
  const best = withOperation.length > 0 ? withOperation : replies;
  return [...best].sort((one, other) => other.count - one.count)[0];
}

function described(replies: SwaggerReplies | null | undefined, body: string): WireReply {
  const statuses = Object.keys(replies?.replies ?? {}).filter((status) => /^20[012]$/.test(status));
  const isLong = replies?.markedLongRunning === true || statuses.includes('202');
  const status = Number(
    statuses.find((each) => (isLong ? each !== '200' : each === '200')) ?? statuses[0] ?? 200,
  );
  const headers = isLong ? ['azure-asyncoperation'] : [];
  return {
    status,
    body: status === 202 ? 'empty' : body,
    statusShown: isLong ? 'old' : 'new',
    headers,
    count: 0,
  };
}
