import * as z from '../../../base/schema/schema';
import {
  auditKinds,
  type AuditList,
  type AuditOperation,
  type AuditRecord,
} from '../../../audit/audit-record';
import { boundedList } from '../../../base/schema/bounded-list';
import type { Answer, GivenAnswer } from '../../../operations/answer';
import type {
  FoundRequester,
  Operation,
  OperationEnd,
  Seen,
  OperationLimit,
  Ticket,
  TimedApproval,
  Unclear,
  Watch,
} from '../../../operations/operation';
import type { Timing } from '../../../operations/pace/timing';
import type { BegunWrite } from '../../../review/limits/limit-store';

/**
 * The fields of a type that rows hold; an unknown version is refused. Schemas strip unnamed fields, so each
 * schema is checked against the keys of its type: a field that is added to the type and forgotten here does
 * not compile.
 */
type Shape<T> = Record<keyof T, z.ZodMiniType>;

const text = z.string();
const instant = z.iso.datetime({ offset: true });
const count = z.int().check(z.minimum(0));

const auditOperation: z.ZodMiniType<AuditOperation> = z.object({
  attempt: count,
  startedAt: z.optional(instant),
  endedAt: z.optional(instant),
  polls: count,
  lastHttpStatus: z.optional(count),
  error: z.optional(text),
} satisfies Shape<AuditOperation>);

const auditList: z.ZodMiniType<AuditList> = z.object({
  snapshot: text,
  ageSeconds: count,
} satisfies Shape<AuditList>);

export const auditRecordSchema: z.ZodMiniType<AuditRecord> = z.object({
  version: z.literal(1),
  id: text.check(z.minLength(1)),
  kind: z.enum(auditKinds),
  at: instant,
  decisionId: z.optional(text),
  target: text,
  targetType: z.optional(text),
  connection: z.optional(text),
  endpoint: z.optional(text),
  endpointTenantId: z.optional(text),
  requesterProof: z.optional(text),
  expected: z.optional(z.string()),
  message: z.optional(text),
  status: z.optional(text),
  firstSeen: z.optional(instant),
  effect: z.optional(z.enum(['approve', 'reject', 'delete', 'hold'])),
  rules: z.optional(boundedList(text)),
  reason: z.optional(text),
  policyDigest: z.optional(text),
  mode: z.optional(z.enum(['enforce', 'audit'])),
  lists: z.optional(boundedList(auditList)),
  expiresAt: z.optional(instant),
  standbySince: z.optional(instant),
  operation: z.optional(auditOperation),
  by: z.optional(text),
  answers: z.optional(text),
  traceId: z.optional(text),
  ledgerHolds: z.optional(text),
} satisfies Shape<AuditRecord>);

const writeEffect = z.enum(['approve', 'reject', 'delete']);

/** Durations that no operation has would leave the range of dates, or slow the polls more than the rule allows. */
const seconds = z.number().check(z.minimum(0), z.maximum(31_536_000));

const timingSchema: z.ZodMiniType<Timing> = z.object({
  sentAt: instant,
  durations: z.array(seconds).check(z.maxLength(50)),
  waitedSeconds: seconds,
  runningAt: seconds,
  endedAt: z.optional(seconds),
} satisfies Shape<Timing>);

const ticketSchema: z.ZodMiniType<Ticket> = z.object({
  version: z.literal(1),
  connectionId: text,
  effect: writeEffect,
  statusBefore: text,
  phase: z.enum(['operation', 'proof']),
  operationUrl: z.optional(text),
  confirmed: z.boolean(),
  namedDecision: z.optional(z.string()),
  reportedError: z.optional(text),
  /**
   * In the range of the setting: a smaller value would poll without pause, a larger one would leave the range
   * of dates.
   */
  pollFloorSeconds: z.number().check(z.minimum(1), z.maximum(3_600)),
  /** A hint that cannot be read counts as absent: the polling floor alone then decides. */
  timing: z.catch(z.optional(timingSchema), undefined),
  endpointKey: z.optional(text),
  answersBy: z.optional(instant),
  throttledUntil: z.optional(instant),
  missingSince: z.optional(instant),
  unknownSince: z.optional(instant),
  deadlineAt: instant,
  polls: count,
  alarm: z.optional(count),
} satisfies Shape<Ticket>);

const operationLimit: z.ZodMiniType<OperationLimit> = z.object({
  state: z.enum(['held', 'lifted']),
  lifts: count,
  heldAt: instant,
} satisfies Shape<OperationLimit>);

const operationEnd: z.ZodMiniType<OperationEnd> = z.object({
  state: z.enum(['applied', 'failed', 'expired', 'unproven', 'superseded', 'abandoned']),
  reason: text,
  error: z.optional(text),
  unconfirmed: z.optional(z.boolean()),
  undone: z.optional(z.boolean()),
  seen: z.optional(z.object({ status: text, isNamed: z.optional(z.boolean()) } satisfies Shape<Seen>)),
} satisfies Shape<OperationEnd>);

export const operationSchema: z.ZodMiniType<Operation> = z.object({
  id: text,
  decisionId: text,
  attempt: z.int().check(z.minimum(1)),
  effect: writeEffect,
  state: z.enum([
    'planned',
    'running',
    'applied',
    'failed',
    'expired',
    'unproven',
    'superseded',
    'abandoned',
  ]),
  decided: auditRecordSchema,
  untold: z.optional(boundedList(auditRecordSchema)),
  plannedAt: instant,
  startedAt: z.optional(instant),
  endedAt: z.optional(instant),
  dueAt: z.optional(instant),
  ticket: z.optional(ticketSchema),
  lastHttpStatus: z.optional(count),
  error: z.optional(text),
  retryAt: z.optional(instant),
  limit: z.optional(operationLimit),
  endsApproval: z.optional(z.boolean()),
  ending: z.optional(operationEnd),
  isAwaited: z.optional(z.boolean()),
} satisfies Shape<Operation>);

export const timedApprovalSchema: z.ZodMiniType<TimedApproval> = z.object({
  endsAt: instant,
  rules: boundedList(text),
  decisionId: z.optional(text),
  endpointKey: z.optional(text),
  proof: z.optional(z.enum(['named', 'unnamed'])),
} satisfies Shape<TimedApproval>);

export const unclearSchema: z.ZodMiniType<Unclear> = z.object({
  since: instant,
  why: text,
  toldOn: z.optional(text),
} satisfies Shape<Unclear>);

export const foundRequesterSchema: z.ZodMiniType<FoundRequester> = z.object({
  since: instant,
  endpointKey: text,
  linkKey: text,
} satisfies Shape<FoundRequester>);

export const watchSchema: z.ZodMiniType<Watch> = z.object({
  effect: writeEffect,
  generation: count,
  since: instant,
  seenAt: instant,
} satisfies Shape<Watch>);

const givenAnswer: z.ZodMiniType<GivenAnswer> = z.object({
  oid: text,
  name: text,
  principals: boundedList(text),
  reason: text,
  ticket: z.optional(text),
  until: z.optional(instant),
  at: instant,
  tokenId: z.optional(text),
} satisfies Shape<GivenAnswer>);

export const answerSchema: z.ZodMiniType<Answer> = z.object({
  decisionId: text,
  undoes: z.optional(text),
  seen: text,
  effect: writeEffect,
  given: boundedList(givenAnswer),
  untold: z.optional(boundedList(auditRecordSchema)),
} satisfies Shape<Answer>);

export const begunWritesSchema: z.ZodMiniType<readonly BegunWrite[]> = boundedList(
  z.object({ decisionId: text, at: instant } satisfies Shape<BegunWrite>),
);
