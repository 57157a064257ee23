import type { AuditRecord } from '../../audit/audit-record';
import { hasCode } from '../../base/errors';
import { sanitize } from '../../base/text';
import type { ConnectionId } from '../../connections/resource-id';
import type { Answer, GivenAnswer } from '../../operations/answer';
import type { ConnectionState } from '../../operations/operation';
import { namedIds } from '../../policy/answers/answer-policy';
import type { LimitStore } from '../../review/limits/limit-store';
import { decidedRecord, lapsedRecord } from '../../review/records';
import type { AnswerReply, AnswerRequest } from '../api';
import { ConsoleError } from '../http/message';
import { permissionFor, principalsOf } from '../question/permission';
import { answeredAlready, presentAnswer } from '../question/present-answer';
import type { Question, ReadQuestion } from '../question/question';
import type { ViewQuestion } from '../question/view';
import type { Person } from '../sign-in/person';
import { checkAnswer } from './check-answer';
import { countAnswer } from './count-answer';
import { finishStoring, storeAnswer, type StorePorts } from '../../review/undo/store-answer';

/** The ports of `takeAnswer`. */
export interface AnswerPorts extends StorePorts {
  readonly limits: LimitStore;
  readonly readQuestion: ReadQuestion;
  readonly view: ViewQuestion;
}

/** A person's answer to one connection. */
export interface Given {
  readonly id: ConnectionId;
  readonly person: Person;
  readonly request: AnswerRequest;
}

const mostTries = 3;
const because = 'a person answered';

/**
 * Takes a person's answer: it is stored in the connection's row together with its audit record, then
 * recorded, and only then a review is queued, which asks the policy again and carries the answer out. Nothing
 * is written to Azure here. The same answer twice is one answer; of two different ones the first counts.
 * @throws ConsoleError; PosternError STORE_UNAVAILABLE, LEDGER_UNAVAILABLE; ArmError
 */
export async function takeAnswer(ports: AnswerPorts, given: Given): Promise<AnswerReply> {
  const question = await ports.readQuestion(given.id);
  const { person, request } = given;
  const permission = permissionFor(question, person, request.effect);
  // A connection that has changed is shown as it is now, whatever may be answered to it.
  if (request.decisionId !== question.id || request.seen !== question.seen)
    throw stale(ports, question, person);
  if (permission.kind === 'no') throw new ConsoleError(permission.code, permission.why);
  checkAnswer(question, request, ports.clock.now());
  for (let tries = 1; ; tries += 1) {
    try {
      return await store(ports, { ...given, question, needed: permission.needed });
    } catch (error) {
      if (!hasCode(error, 'STORE_CONFLICT') || tries === mostTries) throw asOvertaken(error);
    }
  }
}

function stale(ports: Pick<AnswerPorts, 'view'>, question: Question, person: Person): ConsoleError {
  return new ConsoleError('STALE', 'It has changed since you looked.', {
    view: ports.view(question, person),
  });
}

function asOvertaken(error: unknown): unknown {
  if (!hasCode(error, 'STORE_CONFLICT')) return error;
  return new ConsoleError('ANSWERED', 'Somebody else changed this at the same moment. Look again.', {
    cause: error,
  });
}

interface Storing extends Given {
  readonly question: Question;
  readonly needed: number;
}

async function store(ports: AnswerPorts, storing: Storing): Promise<AnswerReply> {
  const { question, person, request, needed } = storing;
  const now = ports.clock.now();
  const row = await ports.operations.get(question.connection.id);
  if (row === undefined)
    throw new ConsoleError('NOT_HELD', 'Postern has not decided this connection yet. Try again in a moment.');
  if (!isSameConnection(row, question.row)) throw stale(ports, question, person);
  const present = presentAnswer(row, question, now);
  if (present !== undefined && repeats(present, person, request)) {
    await finishStoring(ports, row, because);
    return replyOf(present.given.length, needed);
  }
  const conflict = answeredAlready(present, person, { effect: request.effect, needed });
  if (conflict !== undefined) throw new ConsoleError('ANSWERED', conflict);
  // Begun since the question was read: its end would take the answer with it, and nobody would tell.
  if (row.operation?.state === 'running')
    throw new ConsoleError('ANSWERED', 'A write to this connection is under way.');
  if (present === undefined && row.answer === undefined && row.decisionId !== question.id)
    throw new ConsoleError('NOT_HELD', 'Postern is deciding this connection again. Try again in a moment.');
  await countAnswer(ports, { policy: question.policy, person, decisionId: request.decisionId });
  const own = givenBy(storing, now);
  const others = present?.given ?? [];
  const record = answeredRecord(question, row, { request, own, now });
  const untold = [...recordsBefore(question, row, present), record];
  const answer: Answer = {
    decisionId: request.decisionId,
    seen: request.seen,
    effect: request.effect,
    given: [...others, own],
    untold,
  };
  await storeAnswer(ports, row, { answer, because });
  return replyOf(answer.given.length, needed);
}

function isSameConnection(row: ConnectionState, seen: ConnectionState): boolean {
  return (
    row.generation === seen.generation &&
    row.endpointKey === seen.endpointKey &&
    row.status.toLowerCase() === seen.status.toLowerCase()
  );
}

/** Tells whether a person's present answer is the same again. */
function repeats({ given, effect }: Answer, { oid }: Person, request: AnswerRequest): boolean {
  const own = given.find((each) => each.oid === oid);
  return (
    own !== undefined &&
    effect === request.effect &&
    own.reason === reasonOf(request) &&
    own.ticket === ticketOf(request) &&
    own.until === untilOf(request)
  );
}

function givenBy({ question, person, request }: Storing, now: Date): GivenAnswer {
  const named = namedIds(question.policy.answers);
  const groups = [...principalsOf(person)].filter((id) => id !== person.oid && named.has(id));
  return {
    oid: person.oid,
    name: person.name,
    principals: [person.oid, ...groups],
    reason: reasonOf(request),
    ticket: ticketOf(request),
    until: untilOf(request),
    at: now.toISOString(),
    tokenId: person.tokenId,
  };
}

function reasonOf({ reason }: AnswerRequest): string {
  return sanitize(reason.trim());
}

function ticketOf({ ticket }: AnswerRequest): string | undefined {
  const text = ticket?.trim() ?? '';
  return text === '' ? undefined : sanitize(text, 100);
}

function untilOf({ until }: AnswerRequest): string | undefined {
  return until === undefined ? undefined : new Date(until).toISOString();
}

function replyOf(people: number, needed: number): AnswerReply {
  return { state: people < needed ? 'waits for a second person' : 'taken' };
}

/** Returns the records that precede this answer's: those that are pending, and the end of a void answer. */
function recordsBefore(
  question: Question,
  row: ConnectionState,
  present: Answer | undefined,
): readonly AuditRecord[] {
  const { answer } = row;
  const pending = answer?.untold ?? [];
  if (answer === undefined || answer.given.length === 0 || present !== undefined) return pending;
  return [...pending, lapsedRecord(question.input, row, 'Another answer has replaced it')];
}

function answeredRecord(
  { input, connection, decision }: Question,
  row: ConnectionState,
  { request, own, now }: { readonly request: AnswerRequest; readonly own: GivenAnswer; readonly now: Date },
): AuditRecord {
  if (decision === undefined)
    throw new ConsoleError('NOT_HELD', 'This connection does not wait for a person.');
  const context = { ...input, now };
  const decided = { connection, firstSeen: row.firstSeen, decision, id: request.decisionId };
  const suffix = own.ticket === undefined ? '' : ` (ticket ${own.ticket})`;
  const token = own.tokenId === undefined ? '' : `, token ${own.tokenId}`;
  return {
    ...decidedRecord(context, decided),
    id: `${request.decisionId}|answered|${own.oid}|${own.at}`,
    kind: 'answered',
    effect: request.effect,
    reason: sanitize(`${own.reason}${suffix}`),
    expiresAt: own.until,
    by: sanitize(`${own.name} (${own.oid}${token})`),
    answers: request.decisionId,
  };
}
