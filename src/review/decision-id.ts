import { sha256Hex } from '../base/digest';
import type { Connection } from '../connections/connection';
import type { Decision } from '../policy/decision';

/**
 * Computes the id of a decision: 32 hexadecimal digits over what was seen (connection, endpoint,
 * status, generation, message), what the policy decided, and whether a standby acts. The same question with the same answer
 * has the same id, on every instance and after every crash.
 */
export function decisionIdOf(connection: Connection, generation: number, decision: Decision): string {
  const parts = [
    connection.id.key,
    connection.endpoint?.key ?? connection.endpointText ?? '',
    connection.status.toLowerCase(),
    generation,
    connection.message,
    decision.effect,
    [...decision.rules].sort(),
    decision.reason,
    decision.policyDigest,
    decision.mode,
    // Two deployments with the same policy must not take the other one's write for their own.
    ...(decision.standbySince === undefined ? [] : ['standby']),
  ];
  return sha256Hex(JSON.stringify(parts), 32);
}
