import type { AnswerEffect, AnswerRequest, ConnectionView } from '../../src/console/api';

/** What a person has typed into an answer that is not sent yet. */
export interface Draft {
  readonly id: string;
  readonly effect: AnswerEffect;
  readonly reason: string;
  readonly ticket: string;
  /** Value of a `datetime-local` field, in UTC. */
  readonly until: string;
}

/** A field of the answer and what is wrong with it. */
export interface Problem {
  readonly field: 'reason' | 'ticket' | 'until' | 'confirm';
  readonly message: string;
}

/** A draft as the tab keeps it. */
export interface KeptDraft extends Draft {
  /** The question that it answers. */
  readonly decisionId: string;
  readonly seen: string;
  /** Whether the dialog was open, and opens again after another sign-in. */
  readonly isOpen: boolean;
}

/** Parses a kept draft; returns undefined if it is none, such as one of another version of the page. */
export function parseDraft(text: string): KeptDraft | undefined {
  const { id, effect, reason, ticket, until, decisionId, seen, isOpen } = fieldsOf(text);
  if (effect !== 'approve' && effect !== 'reject' && effect !== 'delete') return undefined;
  if (typeof id !== 'string' || typeof reason !== 'string' || typeof ticket !== 'string') return undefined;
  if (typeof seen !== 'string' || typeof decisionId !== 'string') return undefined;
  return {
    id,
    effect,
    reason,
    ticket,
    until: typeof until === 'string' ? until : '',
    decisionId,
    seen,
    isOpen: isOpen === true,
  };
}

function fieldsOf(json: string): Partial<Record<keyof KeptDraft, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** What a person has filled in. */
export interface Filled extends Draft {
  readonly isConfirmed: boolean;
}

/** Fewest and most characters of a reason. */
export const reasonLength = { least: 10, most: 500 } as const;

/** The most characters of a ticket. */
export const ticketLength = 100;

/** An approval that ends sooner is not taken. */
const shortestApprovalMs = 600_000;

/** Returns the number of characters as the app counts them: an emoji is one. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** Is true if the answer cannot be undone on this type of target. */
export function isFinal({ final }: Pick<ConnectionView, 'final'>, effect: Draft['effect']): boolean {
  return effect !== 'approve' && final[effect];
}

/** Makes the request of what was filled in, or says what is wrong. Pure; `now` in milliseconds since 1970. */
export function requestOf(
  view: ConnectionView,
  { effect, isConfirmed, ...filled }: Filled,
  now: number,
): { readonly request: AnswerRequest } | { readonly problems: readonly Problem[] } {
  // The app takes one line.
  const reason = filled.reason.trim().replace(/\s+/g, ' ');
  const length = lengthOf(reason);
  const ticket = filled.ticket.trim();
  const until = effect === 'approve' && filled.until !== '' ? Date.parse(`${filled.until}Z`) : undefined;
  const mustConfirm = isFinal(view, effect);
  const checks: readonly (readonly [boolean, Problem])[] = [
    [length < reasonLength.least, { field: 'reason', message: 'Give a reason of at least 10 characters.' }],
    [length > reasonLength.most, { field: 'reason', message: 'The reason may have 500 characters.' }],
    [ticket.length > ticketLength, { field: 'ticket', message: 'The ticket may have 100 characters.' }],
    [
      until !== undefined && !(until >= now + shortestApprovalMs),
      { field: 'until', message: 'The end must be at least ten minutes from now, in UTC.' },
    ],
    [mustConfirm && !isConfirmed, { field: 'confirm', message: 'Confirm that you know this.' }],
  ];
  const problems = checks.filter(([isWrong]) => isWrong).map(([, problem]) => problem);
  if (problems.length > 0 || view.decisionId === undefined) return { problems };
  return {
    request: {
      id: view.connection.id,
      decisionId: view.decisionId,
      seen: view.seen,
      effect,
      reason,
      ...(ticket === '' ? {} : { ticket }),
      ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
      ...(mustConfirm ? { confirm: true } : {}),
    },
  };
}
