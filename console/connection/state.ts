import type { AnswerEffect, ConnectionView, OperationView } from '../../src/console/api';
import { durationSince, utc } from '../base/time';
import { limitWords } from '../base/words';

/** What a connection waits for, or how its last decision has ended. */
export type Standing = 'held' | 'answered' | 'working' | 'limited' | 'given up' | 'ended' | 'idle';

/** Returns what a connection waits for. Pure. */
export function standingOf(view: ConnectionView): Standing {
  const { operation, answer, effect, connection } = view;
  const isOpen = operation?.state === 'planned' || operation?.state === 'running';
  if (isOpen) return operation.heldByLimit === undefined ? 'working' : 'limited';
  if (answer !== undefined) return 'answered';
  // The connection was read before the operation ended, so that it still looks as it did.
  if (operation?.state === 'applied' && isOld(view)) return 'ended';
  if (effect === 'hold' && isPending(connection.status)) return 'held';
  if (operation === undefined) return 'idle';
  return operation.state === 'applied' || operation.state === 'superseded' ? 'ended' : 'given up';
}

/** Is true while something is about to happen that a person may want to watch. */
export function isMoving(view: ConnectionView): boolean {
  const standing = standingOf(view);
  return standing === 'working' || (standing === 'answered' && view.answer?.state === 'taken') || isOld(view);
}

/** Is true if the operation ended after the connection was read. */
function isOld({ operation, asOf }: ConnectionView): boolean {
  return operation?.endedAt !== undefined && Date.parse(operation.endedAt) > Date.parse(asOf);
}

const doing: Readonly<Record<AnswerEffect, string>> = {
  approve: 'approving',
  reject: 'rejecting',
  delete: 'deleting',
};
const done: Readonly<Record<AnswerEffect, string>> = {
  approve: 'approved',
  reject: 'rejected',
  delete: 'deleted',
};

/** Returns the past participle of an effect: `approved`. */
export function pastOf(effect: AnswerEffect): string {
  return done[effect];
}

/** Says in a sentence how a connection stands. Pure; `now` in milliseconds since 1970. */
export function standingInWords(view: ConnectionView, now: number): string {
  const { connection, operation, mode, reason } = view;
  switch (standingOf(view)) {
    case 'held':
      return `Held${forHowLong(connection.since, now)}: ${holder(view)}.`;
    case 'answered':
      return answeredInWords(view);
    case 'working':
      return operation === undefined ? '' : workingInWords(operation);
    case 'limited':
      return `Waits until an operator lifts the limit on ${limitWords[operation?.heldByLimit ?? 'rejects']}.`;
    case 'given up':
      return operation === undefined ? '' : givenUpInWords(operation);
    case 'ended':
      return operation === undefined ? '' : endedInWords(operation, connection.status);
    case 'idle':
      return mode === 'audit' && view.effect !== undefined
        ? `Audit mode: Postern would ${view.effect === 'hold' ? 'hold' : view.effect} it${reason ? `: ${reason.replace(/\.$/, '')}` : ''}.`
        : view.why;
  }
}

function holder({ rules, unclear }: ConnectionView): string {
  if (unclear !== undefined) return unclear.replace(/\.$/, '');
  const failed = rules.filter(({ outcome }) => outcome === 'failed').map(({ rule }) => rule);
  if (failed.length > 0) return `${listed(failed)} could not be evaluated`;
  const deciding = rules.filter(({ decided }) => decided).map(({ rule }) => rule);
  return deciding.length === 0
    ? 'no rule matched'
    : `${listed(deciding)} ${deciding.length === 1 ? 'holds' : 'hold'} it`;
}

function answeredInWords({ answer }: ConnectionView): string {
  if (answer === undefined) return '';
  const names = listed(answer.answers.map(({ name }) => name));
  const given = `${names} ${done[answer.effect]} it`;
  return answer.state === 'taken'
    ? `${given}. Postern checks the policy again and then carries it out.`
    : `${given}. ${answer.needed} people must agree: ${answer.needed - answer.answers.length} more.`;
}

function workingInWords({ effect, state, attempt, startedAt }: OperationView): string {
  const started = startedAt === undefined ? '' : `, started ${utc(startedAt)}`;
  const tries = attempt > 1 ? `, attempt ${attempt}` : '';
  return state === 'planned'
    ? `Postern is about to start ${doing[effect]} it${tries}.`
    : `Postern is ${doing[effect]} it${started}${tries}.`;
}

function givenUpInWords({ effect, state, error }: OperationView): string {
  const what =
    state === 'unproven'
      ? 'nobody can say that it is done'
      : state === 'expired'
        ? 'the time ran out'
        : 'it failed';
  return `Postern stopped ${doing[effect]} it: ${what}${error === undefined ? '' : ` (${error})`}.`;
}

function endedInWords({ effect, state, endedAt }: OperationView, status: string): string {
  const when = endedAt === undefined ? '' : ` at ${utc(endedAt)}`;
  return state === 'applied'
    ? `Postern has ${done[effect]} it${when}, and Azure shows it.`
    : `${status}: somebody else changed it before Postern did.`;
}

function forHowLong(since: string | undefined, now: number): string {
  return since === undefined ? '' : ` for ${durationSince(since, now)}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function isPending(status: string): boolean {
  return status.toLowerCase() === 'pending';
}
