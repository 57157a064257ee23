import { hasStatus } from '../../connections/connection';
import { hasCode } from '../../base/errors';
import { composeDescriptions } from '../description';
import type { Planned } from './planned';

/**
 * Tells whether ARM rejected a write because of its description. The maximum length is not
 * documented, and providers differ.
 */
export function isAboutDescription(error: unknown): boolean {
  if (!hasCode(error, 'ARM_REFUSED') || error.httpStatus !== 400) return false;
  return /descri|message|comment|length|too ?long|characters|maximum/i.test(
    `${error.armCode} ${error.message}`,
  );
}

/** Composes the descriptions that a write may send, the best first. */
export function descriptionsFor({ connection, operation }: Planned): readonly [string, ...string[]] {
  const { effect, decided, decisionId } = operation;
  // A delete sends none.
  if (effect === 'delete') return [''];
  const { message } = connection;
  const isAnswered = !hasStatus(connection, 'Pending');
  // Both sides can read it, so it names no person.
  const rules = decided.by === undefined ? (decided.rules ?? []) : ['by a person'];
  return composeDescriptions({ message, effect, rules, decisionId, isAnswered });
}
