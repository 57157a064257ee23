import * as z from 'zod';
import {
  auditKinds,
  type AuditList,
  type AuditOperation,
  type AuditRecord,
} from '../../../audit/audit-record';
import { boundedList } from '../../../base/bounded-list';
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
} from '../../../operations/operation';
import type { BegunWrite } from '../../../review/limits/limit-store';

/**
 * The fields of a type that rows hold; an unknown version is refused. Schemas strip unnamed fields, so each
 * schema is checked against the keys of its type: a field that is added to the type and forgotten here does
 * not compile.
 */
type Shape<T> = Record<keyof T, z.ZodType>;

const text = z.string();
const instant = z.iso.datetime({ offset: true });
const count = z.int().min(0);

const auditOperation: z.ZodType<AuditOperation> = z.object({
  attempt: count,
  startedAt: instant.optional(),
  endedAt: instant.optional(),
  polls: count,
  lastHttpStatus: count.optional(),
  error: text.optional(),
} satisfies Shape<AuditOperation>);

const auditList: z.ZodType<AuditList> = z.object({
  snapshot: text,
  ageSeconds: count,
} satisfies Shape<AuditList>);

export const auditRecordSchema: z.ZodType<AuditRecord> = z.object({
  version: z.literal(1),
  id: text.min(1),
  kind: z.enum(auditKinds),
  at: instant,
  decisionId: text.optional(),
  target: text,
  targetType: text.optional(),
  connection: text.optional(),
  endpoint: text.optional(),
  endpointTenantId: text.optional(),
  requesterProof: text.optional(),
  expected: z.string().optional(),
  message: text.optional(),
  status: text.optional(),
  firstSeen: instant.optional(),
  effect: z.enum(['approve', 'reject', 'delete', 'hold']).optional(),
  rules: boundedList(text).optional(),
  reason: text.optional(),
  policyDigest: text.optional(),
  mode: z.enum(['enforce', 'audit']).optional(),
  lists: boundedList(auditList).optional(),
  expiresAt: instant.optional(),
  operation: auditOperation.optional(),
  by: text.optional(),
  answers: text.optional(),
  traceId: text.optional(),
  ledgerHolds: text.optional(),
} satisfies Shape<AuditRecord>);

const writeEffect = z.enum(['approve', 'reject', 'delete']);

const ticketSchema: z.ZodType<Ticket> = z.object({
  version: z.literal(1),
  connectionId: text,
  effect: writeEffect,
  statusBefore: text,
  phase: z.enum(['operation', 'proof']),
  operationUrl: text.optional(),
  confirmed: z.boolean(),
  namedDecision: z.string().optional(),
  reportedError: text.optional(),
  /**
   * In the range of the setting: a smaller value would poll without pause, a larger one would leave the range
   * of dates.
   */
  pollFloorSeconds: z.number().min(1).max(3_600),
  endpointKey: text.optional(),
  answersBy: instant.optional(),
  throttledUntil: instant.optional(),
  missingSince: instant.optional(),
  unknownSince: instant.optional(),
  deadlineAt: instant,
  polls: count,
} satisfies Shape<Ticket>);

const operationLimit: z.ZodType<OperationLimit> = z.object({
  state: z.enum(['held', 'lifted']),
  lifts: count,
  heldAt: instant,
} satisfies Shape<OperationLimit>);

const operationEnd: z.ZodType<OperationEnd> = z.object({
  state: z.enum(['applied', 'failed', 'expired', 'unproven', 'superseded', 'abandoned']),
  reason: text,
  error: text.optional(),
  unconfirmed: z.boolean().optional(),
  undone: z.boolean().optional(),
  seen: z.object({ status: text, isNamed: z.boolean().optional() } satisfies Shape<Seen>).optional(),
} satisfies Shape<OperationEnd>);

export const operationSchema: z.ZodType<Operation> = z.object({
  id: text,
  decisionId: text,
  attempt: z.int().min(1),
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
  untold: boundedList(auditRecordSchema).optional(),
  plannedAt: instant,
  startedAt: instant.optional(),
  endedAt: instant.optional(),
  dueAt: instant.optional(),
  ticket: ticketSchema.optional(),
  lastHttpStatus: count.optional(),
  error: text.optional(),
  retryAt: instant.optional(),
  limit: operationLimit.optional(),
  endsApproval: z.boolean().optional(),
  ending: operationEnd.optional(),
} satisfies Shape<Operation>);

export const timedApprovalSchema: z.ZodType<TimedApproval> = z.object({
  endsAt: instant,
  rules: boundedList(text),
  decisionId: text.optional(),
  endpointKey: text.optional(),
  proof: z.enum(['named', 'unnamed']).optional(),
} satisfies Shape<TimedApproval>);

export const unclearSchema: z.ZodType<Unclear> = z.object({
  since: instant,
  why: text,
  toldOn: text.optional(),
} satisfies Shape<Unclear>);

export const foundRequesterSchema: z.ZodType<FoundRequester> = z.object({
  since: instant,
  endpointKey: text,
  linkKey: text,
} satisfies Shape<FoundRequester>);

const givenAnswer: z.ZodType<GivenAnswer> = z.object({
  oid: text,
  name: text,
  principals: boundedList(text),
  reason: text,
  ticket: text.optional(),
  until: instant.optional(),
  at: instant,
  tokenId: text.optional(),
} satisfies Shape<GivenAnswer>);

export const answerSchema: z.ZodType<Answer> = z.object({
  decisionId: text,
  seen: text,
  effect: writeEffect,
  given: boundedList(givenAnswer),
  untold: boundedList(auditRecordSchema).optional(),
} satisfies Shape<Answer>);

export const begunWritesSchema: z.ZodType<readonly BegunWrite[]> = boundedList(
  z.object({ decisionId: text, at: instant } satisfies Shape<BegunWrite>),
);
