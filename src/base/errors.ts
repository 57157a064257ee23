/**
 * The closed set of failure codes, each `AREA_WHAT`. Callers switch on the code; the message is for people.
 */
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

/** An error with a code from the closed set. Outcomes such as approve, hold or gone are never errors. */
export class PosternError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PosternError';
    this.code = code;
  }
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
  /** The tenant that ARM names as the resource's own, with 401. A GUID in lower case. */
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

/** An error with one of the codes `Code`; those of ARM are always `ArmError`s. */
export type ErrorWith<Code extends ErrorCode> = Code extends ArmErrorCode
  ? ArmError & { readonly code: Code }
  : PosternError & { readonly code: Code };

/** Tells whether `error` is Postern's own and carries one of `codes`. */
export function hasCode<Code extends ErrorCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is ErrorWith<Code> {
  return error instanceof PosternError && (codes as readonly ErrorCode[]).includes(error.code);
}

/** Resolves as `read` does, or to `undefined` when ARM answers that the resource does not exist. @throws ArmError */
export async function undefinedIfNotFound<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (hasCode(error, 'ARM_NOT_FOUND')) return undefined;
    throw error;
  }
}

export type TransientArmError = ArmError & {
  readonly code: 'ARM_THROTTLED' | 'ARM_CONFLICT' | 'ARM_UNAVAILABLE' | 'ARM_UNREACHABLE' | 'ARM_UNREADABLE';
};

/** Tells whether the request may succeed later as it is: ARM is throttling, busy or unavailable. */
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

/**
 * Tells whether ARM has answered that the resource is in another tenant, where this identity does not exist.
 */
export function isForeign(error: unknown): boolean {
  if (!(error instanceof ArmError)) return false;
  return error.code === 'ARM_FOREIGN_TENANT' || error.armCode === 'InvalidAuthenticationTokenTenant';
}

/**
 * Tells whether ARM does not let this identity read the resource. Facts from it are then absent, which does
 * not stop other reviews.
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

/** Tells whether storage is unavailable for now or denies access. The message under work is not at fault. */
export function isStorageError(error: unknown): boolean {
  if (!(error instanceof PosternError)) return false;
  if (error.code === 'LEDGER_UNAVAILABLE') return isStorageError(error.cause);
  return error.code === 'STORE_UNAVAILABLE';
}

/** Describes in one line the first problem that a schema found in data, and where it is. */
export function firstProblem({ issues: [first] }: RefusedData): string {
  if (first === undefined) return 'unknown';
  const { message, path } = first;
  return path.length === 0 ? message : `${message} at ${path.map(String).join('.')}`;
}

/** The shape of a `ZodError`, which this file does without: it is loaded at each cold start. */
export interface RefusedData {
  readonly issues: readonly { readonly message: string; readonly path: readonly PropertyKey[] }[];
}

/** Describes an error in one line for a log or an audit record, without stack, headers or tokens. */
export function describeError(error: unknown): string {
  if (error instanceof PosternError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
