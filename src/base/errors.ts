/** The closed set of failure codes. `AREA_WHAT`; a code is what callers switch on, the message is for people. */
export type ErrorCode =
  | 'RESOURCE_ID_INVALID'
  | 'EVENT_INVALID'
  | 'MESSAGE_INVALID'
  | 'CONFIG_INVALID'
  | 'POLICY_INVALID'
  | 'LEASE_LOST'
  | 'READING_STALE'
  | 'STORE_CONFLICT'
  | 'STORE_UNREADABLE'
  | 'STORE_UNAVAILABLE'
  | 'LEDGER_UNAVAILABLE'
  | 'OUTCOME_REFUSED'
  | 'ARM_THROTTLED'
  | 'ARM_CONFLICT'
  | 'ARM_FORBIDDEN'
  | 'ARM_FOREIGN_TENANT'
  | 'ARM_UNAUTHENTICATED'
  | 'ARM_NOT_FOUND'
  | 'ARM_REFUSED'
  | 'ARM_UNAVAILABLE'
  | 'ARM_UNREACHABLE'
  | 'ARM_UNREADABLE'
  | 'ARM_UNTRUSTED_URL';

/** A failure with a code from the closed set. An answer (approve, hold, gone …) is never an error. */
export class PosternError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PosternError';
    this.code = code;
  }
}

/** Tells whether `error` is a PosternError with one of `codes`. */
export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is PosternError {
  return error instanceof PosternError && codes.includes(error.code);
}

export interface ArmErrorDetails {
  /** The HTTP status of the reply; absent when no reply came. */
  httpStatus?: number | undefined;
  /** `error.code` of ARM's body, e.g. `ServiceLocked`. */
  armCode?: string | undefined;
  /** What `Retry-After` asked for, in seconds; absent when the reply carried none. */
  retryAfterSeconds?: number | undefined;
  /** The RBAC action that was refused, e.g. `Microsoft.KeyVault/vaults/privateEndpointConnections/write`. */
  action?: string | undefined;
  /** The tenant that ARM names as the resource's own, when it is not the identity's. A GUID in lower case. */
  tenantId?: string | undefined;
  cause?: unknown;
}

export type ArmErrorCode = Extract<ErrorCode, `ARM_${string}`>;

/** A failed call to Azure Resource Manager. */
export class ArmError extends PosternError {
  declare readonly code: ArmErrorCode;
  readonly httpStatus: number | undefined;
  readonly armCode: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly action: string | undefined;
  readonly tenantId: string | undefined;

  constructor(code: ArmErrorCode, message: string, details: ArmErrorDetails = {}) {
    super(code, message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ArmError';
    this.httpStatus = details.httpStatus;
    this.armCode = details.armCode;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.action = details.action;
    this.tenantId = details.tenantId;
  }
}

export type TransientArmError = ArmError & {
  readonly code: 'ARM_THROTTLED' | 'ARM_CONFLICT' | 'ARM_UNAVAILABLE' | 'ARM_UNREACHABLE' | 'ARM_UNREADABLE';
};

/** True when ARM asks for patience: nothing is wrong with the request, it must come again later. */
export function isTransient(error: unknown): error is TransientArmError {
  return error instanceof ArmError && transientCodes.has(error.code);
}

const transientCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ARM_THROTTLED',
  'ARM_CONFLICT',
  'ARM_UNAVAILABLE',
  'ARM_UNREACHABLE',
  'ARM_UNREADABLE',
]);

/** Tells whether ARM has said that the resource is in another tenant, where our identity is nobody. */
export function isForeign(error: unknown): boolean {
  if (!(error instanceof ArmError)) return false;
  return error.code === 'ARM_FOREIGN_TENANT' || error.armCode === 'InvalidAuthenticationTokenTenant';
}

/**
 * Tells whether ARM has said that this identity does not get to see the resource: what it would tell is an absent fact, and
 * that is no trouble of anybody else's.
 */
export function isUnreadable(error: unknown): error is ArmError {
  return error instanceof ArmError && (unreadableCodes.has(error.code) || isForeign(error));
}

const unreadableCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ARM_FORBIDDEN',
  'ARM_FOREIGN_TENANT',
  'ARM_NOT_FOUND',
  'ARM_REFUSED',
]);

/** True when storage is away for a while, or lets nobody in: nothing is wrong with the message that met it. */
export function isStorageError(error: unknown): boolean {
  if (!(error instanceof PosternError)) return false;
  if (error.code === 'LEDGER_UNAVAILABLE') return isStorageError(error.cause);
  return error.code === 'STORE_UNAVAILABLE';
}

/** Says what is wrong first with data that a schema refused, and where: however much else is wrong, the text is one line. */
export function firstProblem({ issues: [first] }: RefusedData): string {
  if (first === undefined) return 'unknown';
  const { message, path } = first;
  return path.length === 0 ? message : `${message} at ${path.map(String).join('.')}`;
}

/** The shape of a `ZodError`, which this file does without: it is loaded at each cold start. */
export interface RefusedData {
  readonly issues: readonly { readonly message: string; readonly path: readonly PropertyKey[] }[];
}

/** One line for a log or an audit record. Never includes a stack, a header or a token. */
export function describeError(error: unknown): string {
  if (error instanceof PosternError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
