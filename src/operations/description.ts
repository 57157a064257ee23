import type { WriteEffect } from '../connections/connection-store';

/** No description that Postern writes is longer; the requester's own text is never cut for that. */
export const maxDescriptionLength = 256;

export interface DescriptionParts {
  /** The requester's message as it stands, verbatim. */
  readonly message: string;
  readonly effect: WriteEffect;
  readonly rules: readonly string[];
  readonly decisionId: string;
}

/**
 * The description that goes with a write: the requester's message, then what Postern did and why, so that both sides
 * can read it. Where both do not fit in 256 characters the note is shortened to the decision's id, then left out.
 */
export function composeDescription(parts: DescriptionParts): string {
  const verb = parts.effect === 'approve' ? 'approved' : 'rejected';
  const decision = shortIdOf(parts.decisionId);
  const notes = [
    `[Postern ${verb}: ${parts.rules.join(', ')}; ${decision}]`,
    `[Postern ${verb}; ${decision}]`,
  ];
  const message = parts.message.trimEnd();
  for (const note of notes) {
    const text = message === '' ? note : `${message} ${note}`;
    if (text.length <= maxDescriptionLength) return text;
  }
  return parts.message;
}

/** Whether a description carries the note of this very decision. */
export function namesDecision(description: string, decisionId: string): boolean {
  return new RegExp(`\\[Postern (?:approved|rejected)[^\\]]*; ${shortIdOf(decisionId)}\\]$`).test(
    description,
  );
}

function shortIdOf(decisionId: string): string {
  return decisionId.slice(0, 8);
}
