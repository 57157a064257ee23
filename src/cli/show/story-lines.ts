import type { AuditRecord } from '../../audit/audit-record';
import { sanitize } from '../../base/text';
import { secondsUntil } from '../../base/clock';
import { profileOf } from '../../connections/target-type';
import { answerText } from '../policy/answer-text';
import { counted } from '../output';
import type { ConnectionStory, Next } from './connection-story';
import { labelled, wrapped } from './wrap';

/** Formats what is known about a connection as lines; only ids are longer than 80 characters. */
export function storyLines(story: ConnectionStory, now: Date, mostRecords: number): readonly string[] {
  const { id, connection, row, next, history, problems } = story;
  const { target } = id;
  const endpoint = connection?.endpoint?.id ?? connection?.endpointText ?? row?.endpointKey ?? '';
  const shown = history.slice(-mostRecords);
  return [
    ...labelled('Connection', `${id.name} of ${profileOf(target.type).label} ${target.name}`),
    ...labelled('', id.id),
    ...labelled('Endpoint', endpoint === '' ? 'none that Azure names' : endpoint),
    ...labelled('Status', statusText(story)),
    ...decisionLines(story),
    ...policyLines(story),
    ...operationLines(story),
    ...(next === undefined ? [] : labelled('Next', nextText(next, now))),
    ...problems.flatMap((problem) => labelled('Note', problem)),
    ...(history.length === 0 ? [] : ['', historyHeading(history.length, shown.length)]),
    ...shown.flatMap(recordLines),
  ];
}

function statusText({ connection, row }: ConnectionStory): string {
  const known = row === undefined ? '' : `${row.status} since ${row.firstSeen}`;
  if (connection === undefined)
    return row === undefined ? 'not listed by Azure' : `not listed by Azure; Postern saw ${known}`;
  if (row === undefined) return `${connection.status}; Postern has not seen it yet`;
  const isSame = connection.status.toLowerCase() === row.status.toLowerCase();
  return isSame
    ? `${connection.status}, seen since ${row.firstSeen}`
    : `${connection.status} now; Postern last saw ${known}`;
}

function decisionLines({ decided, row }: ConnectionStory): readonly string[] {
  if (decided === undefined) return labelled('Decision', 'none on record');
  const { effect = 'hold', rules = [], reason = '', at, mode, by } = decided;
  const isNow = [row?.decisionId, row?.operation?.decisionId].includes(decided.decisionId);
  const who = by === undefined ? answerText({ effect, rules }, 'no rule') : `${effect} by ${by}`;
  return [
    ...labelled('Decision', `${who}, ${at}${mode === 'audit' ? ', in audit mode: nothing is written' : ''}`),
    ...labelled('', reason),
    ...(isNow || row === undefined ? [] : labelled('', 'The connection has changed since.')),
  ];
}

function policyLines({ decided, policyDigest }: ConnectionStory): readonly string[] {
  const by = decided?.policyDigest;
  if (policyDigest === undefined && by === undefined) return [];
  const inForce = policyDigest === undefined ? '' : `${shortDigest(policyDigest)} is in force`;
  if (by === undefined || by === policyDigest) return labelled('Policy', inForce);
  const decision = `the decision was made by ${shortDigest(by)}`;
  return labelled('Policy', inForce === '' ? decision : `${inForce}; ${decision}`);
}

function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

function operationLines({ row }: ConnectionStory): readonly string[] {
  const operation = row?.operation;
  if (operation === undefined) return [];
  const { effect, state, attempt, startedAt, endedAt, ticket, lastHttpStatus, error } = operation;
  const parts = [
    `${effect}, ${state}, attempt ${attempt}`,
    ...(startedAt === undefined ? [] : [`begun ${startedAt}`]),
    ...(endedAt === undefined ? [] : [`ended ${endedAt}`]),
    ...(ticket === undefined ? [] : [counted(ticket.polls, 'poll')]),
    ...(lastHttpStatus === undefined ? [] : [`last HTTP status ${lastHttpStatus}`]),
  ];
  return [...labelled('Operation', parts.join(', ')), ...(error === undefined ? [] : labelled('', error))];
}

function nextText({ what, at }: Next, now: Date): string {
  if (at === undefined) return what;
  const seconds = secondsUntil(now, new Date(at));
  const minutes = Math.ceil(seconds / 60);
  const when =
    seconds === 0 ? 'now' : minutes > 120 ? `in ${Math.round(minutes / 60)} h` : `in ${minutes} min`;
  return `${what}, ${at} (${when})`;
}

function historyHeading(all: number, shown: number): string {
  return shown === all
    ? 'History'
    : `History, the last ${shown} of ${counted(all, 'record')}; --all shows all`;
}

function recordLines({
  at,
  kind,
  effect,
  rules = [],
  reason = '',
  by,
  operation,
}: AuditRecord): readonly string[] {
  const who = by === undefined ? rules.join(', ') : by;
  const answer = effect === undefined ? '' : `${effect}${who === '' ? '' : ` by ${who}`}`;
  const error = operation?.error === undefined ? '' : `: ${operation.error}`;
  const text = [answer, `${reason}${error}`].filter((part) => part !== '').join(': ');
  const [first = '', ...rest] = wrapped(sanitize(text, 2_000), 80 - 36);
  return [`${at}  ${kind.padEnd(10)}${first}`.trimEnd(), ...rest.map((line) => `${''.padEnd(36)}${line}`)];
}

/** Converts the story to JSON, with its whole history. */
export function plainStory({
  id,
  connection,
  row,
  decided,
  policyDigest,
  next,
  history,
  problems,
}: ConnectionStory): object {
  const { operation } = row ?? {};
  return {
    connection: id.id,
    target: id.target.id,
    endpoint: connection?.endpoint?.id ?? connection?.endpointText ?? row?.endpointKey,
    status: connection?.status,
    seen: row && { status: row.status, since: row.firstSeen, generation: row.generation },
    decision: decided,
    policyDigest,
    operation: operation && {
      id: operation.id,
      effect: operation.effect,
      state: operation.state,
      attempt: operation.attempt,
      plannedAt: operation.plannedAt,
      startedAt: operation.startedAt,
      endedAt: operation.endedAt,
      error: operation.error,
      polls: operation.ticket?.polls,
      lastHttpStatus: operation.lastHttpStatus,
    },
    next,
    approvalEndsAt: row?.approval?.endsAt,
    history,
    problems,
  };
}
