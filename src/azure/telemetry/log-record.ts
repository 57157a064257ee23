import type { Resource } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { AuditRecord } from '../../audit/audit-record';

/** This attribute makes a log record a custom event of that name. */
const eventNameAttribute = 'microsoft.custom_event.name';
const traceIdPattern = /^(?!0{32})[0-9a-f]{32}$/;

/**
 * An audit record as the exporter takes it: the custom event `postern.<kind>`, the record's fields as properties, the
 * trace as the event's operation. Made by hand, because a logger provider would ask for a span of ours that does not exist.
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

/** Flat texts: lists as JSON, the operation's fields as `operationPolls` and so on. What is absent stays absent. */
export function propertiesOf(record: AuditRecord): Record<string, string> {
  const { rules, operation, ...scalars } = record;
  const fields: Record<string, string | number | undefined> = {
    ...scalars,
    rules: rules === undefined ? undefined : JSON.stringify(rules),
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
