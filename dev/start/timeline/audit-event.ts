import type { JsonObject } from '../../azure/http/message';

/** A custom event as Application Insights received it, with the fields that the timeline shows. */
export interface AuditEvent {
  /** `decided`, `applied` … */
  readonly kind: string;
  readonly connection: string | undefined;
  readonly target: string;
  readonly endpoint: string | undefined;
  readonly effect: string | undefined;
  readonly rules: readonly string[];
  readonly reason: string;
  readonly polls: string | undefined;
  readonly httpStatus: string | undefined;
  readonly error: string | undefined;
  /** `audit` or `enforce`. */
  readonly mode: string | undefined;
  readonly policyDigest: string | undefined;
}

/** Reads an audit record; `undefined` for other telemetry. */
export function auditEventFrom(envelope: JsonObject): AuditEvent | undefined {
  const baseData = objectIn(objectIn(envelope, 'data'), 'baseData');
  const name = baseData?.['name'];
  if (typeof name !== 'string' || !name.startsWith('postern.')) return undefined;
  const properties = objectIn(baseData, 'properties') ?? {};
  const text = (field: string): string | undefined => {
    const value = properties[field];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    kind: name.slice('postern.'.length),
    connection: text('connection'),
    target: text('target') ?? '',
    endpoint: text('endpoint'),
    effect: text('effect'),
    rules: JSON.parse(text('rules') ?? '[]') as string[],
    reason: text('reason') ?? '',
    polls: text('operationPolls'),
    httpStatus: text('operationLastHttpStatus'),
    error: text('operationError'),
    mode: text('mode'),
    policyDigest: text('policyDigest'),
  };
}

function objectIn(parent: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = parent?.[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}
