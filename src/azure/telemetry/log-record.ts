import type { Resource } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { AuditRecord } from '../../audit/audit-record';

/** The attribute that makes a log record a custom event of that name. */
const eventNameAttribute = 'microsoft.custom_event.name';
const traceIdPattern = /^(?!0{32})[0-9a-f]{32}$/;

/**
 * Converts an audit record for the exporter: into the custom event `postern.<kind>`, with the record's fields
 * as properties and the trace as the event's operation. Built by hand, because a logger provider would
 * require a span, which does not exist.
 */
export function logRecordFrom(record: AuditRecord, resource: Resource): ReadableLogRecord {
  const milliseconds = Date.parse(record.at);
  const hrTime: [number, number] = [Math.floor(milliseconds / 1000), (milliseconds % 1000) * 1_000_000];
  return {
    hrTime,
    hrTimeObserved: hrTime,
    resource,
    instrumentationScope: { name: 'postern' },
    attributes: { [eventNameAttribute]: `postern.${record.kind}`, ...propertiesOf(record) },
    droppedAttributesCount: 0,
    ...(traceIdPattern.test(record.traceId ?? '')
      ? { spanContext: { traceId: record.traceId ?? '', spanId: '', traceFlags: 1 } }
      : {}),
  };
}

/**
 * Flattens a record into texts: lists as JSON, the operation's fields as `operationPolls` and so on. Absent
 * fields stay absent.
 */
export function propertiesOf(record: AuditRecord): Record<string, string> {
  const { rules, lists, operation, ...scalars } = record;
  const fields: Record<string, string | number | undefined> = {
    ...scalars,
    rules: rules === undefined ? undefined : JSON.stringify(rules),
    lists: lists === undefined ? undefined : JSON.stringify(lists),
    operationAttempt: operation?.attempt,
    operationStartedAt: operation?.startedAt,
    operationEndedAt: operation?.endedAt,
    operationPolls: operation?.polls,
    operationLastHttpStatus: operation?.lastHttpStatus,
    operationError: operation?.error,
  };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
