import type { WriteEffect } from '../connections/connection-store';

/** No description that Postern writes is longer; the requester's own text is never cut for that. */
export const maxDescriptionLength = 256;

export interface DescriptionParts {
  /** The requester's message as it stands, verbatim. */
  readonly message: string;
  readonly effect: WriteEffect;
  readonly rules: readonly string[];
  readonly decisionId: string;
  /** Whether the message may end in notes of earlier answers: they give way to the new one. Not of a request: its words stay. */
  readonly isAnswered?: boolean;
}

/**
 * Composes what may go with a write as its description, the best first: the requester's message, then what Postern did and
 * why, so that both sides can read it; with the decision's id alone; without a note. What does not fit in 256 characters is
 * left out, but for the last.
 */
export function composeDescriptions(parts: DescriptionParts): readonly [string, ...string[]] {
  const verb = parts.effect === 'approve' ? 'approved' : 'rejected';
  const decision = shortIdOf(parts.decisionId);
  const notes = [
    `[Postern ${verb}: ${parts.rules.join(', ')}; ${decision}]`,
    `[Postern ${verb}; ${decision}]`,
  ];
  const message = withoutNotes(parts).trimEnd();
  const noted = notes
    .map((note) => (message === '' ? note : `${message} ${note}`))
    .filter((text) => text.length <= maxDescriptionLength);
  const [first, ...others] = [...noted, parts.message];
  return [first ?? parts.message, ...others];
}

function withoutNotes({ message, isAnswered }: DescriptionParts): string {
  return isAnswered === true ? message.replace(earlierNotes, '') : message;
}

const earlierNotes = /(?:\s*\[Postern (?:approved|rejected)[^\][]*; [0-9a-f]{8}\])+\s*$/;

/** Whether a description carries the note of this very decision. */
export function namesDecision(description: string, decisionId: string): boolean {
  return new RegExp(`\\[Postern (?:approved|rejected)[^\\]]*; ${shortIdOf(decisionId)}\\]$`).test(
    description,
  );
}

function shortIdOf(decisionId: string): string {
  return decisionId.slice(0, 8);
}
