import type { WriteEffect } from '../connections/connection-store';

/**
 * The most characters of a description with Postern's note. A longer text of the requester is never
 * cut.
 */
export const maxDescriptionLength = 256;

/** The parts of a description. */
export interface DescriptionParts {
  /** The requester's message, verbatim. */
  readonly message: string;
  readonly effect: WriteEffect;
  readonly rules: readonly string[];
  readonly decisionId: string;
  /**
   * Whether the message may end in notes of earlier answers, which the new note replaces. False for
   * a pending request: the requester's words are kept.
   */
  readonly isAnswered?: boolean;
}

/**
 * Composes the descriptions that a write may send, the best first: the requester's message with a
 * note of what Postern did and why, so that both sides can read it; with a note of the decision's
 * id alone; without a note. Descriptions longer than 256 characters are left out, except the last
 * one.
 */
export function composeDescriptions(parts: DescriptionParts): readonly [string, ...string[]] {
  const verb = parts.effect === 'approve' ? 'approved' : 'rejected';
  const decision = shortIdOf(parts.decisionId);
  const notes = [
    `[Postern ${verb}: ${parts.rules.join(', ')}; ${decision}]`,
    `[Postern ${verb}; ${decision}]`,
  ];
  const message = (parts.isAnswered === true ? withoutNotes(parts.message) : parts.message).trimEnd();
  const noted = notes
    .map((note) => (message === '' ? note : `${message} ${note}`))
    .filter((text) => text.length <= maxDescriptionLength);
  const [first, ...others] = [...noted, parts.message];
  return [first ?? parts.message, ...others];
}

/** Returns a description without the notes of Postern's earlier answers at its end: the requester's own words. */
export function withoutNotes(description: string): string {
  return description.replace(earlierNotes, '');
}

const earlierNotes = /(?:\s*\[Postern (?:approved|rejected)[^\][]*; [0-9a-f]{8}\])+\s*$/;

/** Tells whether a description ends in the note of the given decision. */
export function namesDecision(description: string, decisionId: string): boolean {
  return new RegExp(`\\[Postern (?:approved|rejected)[^\\]]*; ${shortIdOf(decisionId)}\\]$`).test(
    description,
  );
}

function shortIdOf(decisionId: string): string {
  return decisionId.slice(0, 8);
}
