import { hasStatus } from '../../connections/connection';
import { hasCode } from '../../base/errors';
import { composeDescriptions } from '../description';
import type { Planned } from './planned';

/**
 * Tells whether ARM has refused a write because of its description: how long one may be is documented nowhere, and providers
 * differ.
 */
export function isAboutDescription(error: unknown): boolean {
  if (!hasCode(error, 'ARM_REFUSED') || error.httpStatus !== 400) return false;
  return /descri|message|comment|length|too ?long|characters|maximum/i.test(
    `${error.armCode} ${error.message}`,
  );
}

/** Composes the descriptions that may go with a write, the best first. */
export function descriptionsFor({ connection, operation }: Planned): readonly [string, ...string[]] {
  const { effect, decided, decisionId } = operation;
  // A delete sends none.
  if (effect === 'delete') return [''];
  const { message } = connection;
  const isAnswered = !hasStatus(connection, 'Pending');
  return composeDescriptions({ message, effect, rules: decided.rules ?? [], decisionId, isAnswered });
}
