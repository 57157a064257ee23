import { PosternError } from '../../base/errors';
import { sanitize } from '../../base/text';
import type { Connection } from '../../connections/connection';
import { type ConnectionId, parseConnectionId } from '../../connections/resource-id';
import type { ConnectionState } from '../../operations/operation';
import type { Decision } from '../../policy/decision';
import type { Facts } from '../../policy/facts/facts';
import type { Policy, PolicySource } from '../../policy/policy';
import { askPolicy, factsOf } from '../../review/ask-policy';
import { decisionIdOf } from '../../review/decision-id';
import { doubtOf } from '../../review/judge/doubt';
import { reconcile } from '../../review/observe';
import { inputFrom } from '../../review/plan-review';
import type { ReviewInput } from '../../review/review-job';
import { ConsoleError } from '../http/message';
import { jobOf, type ReadPorts, type ReadTarget } from './read-target';

/** A connection and what the policy decides about it now, as the next review would. */
export interface Question {
  readonly policy: Policy;
  readonly input: ReviewInput;
  readonly connection: Connection;
  /** The row as it is stored; absent if no review has seen the connection yet. */
  readonly stored: ConnectionState | undefined;
  /** The row after this reading. */
  readonly row: ConnectionState;
  readonly facts: Facts;
  /** The policy's decision, whatever people answered; absent if no rule applies. */
  readonly decision: Decision | undefined;
  readonly id: string | undefined;
  /** Digest of what the rules read. */
  readonly seen: string;
  /** Why nothing can be decided at present. */
  readonly unclear: string | undefined;
  readonly readAt: Date;
}

/** Reads the question that a connection puts. @throws ConsoleError NOT_FOUND, UNAVAILABLE; ArmError */
export type ReadQuestion = (id: ConnectionId) => Promise<Question>;

/** Creates the reader of questions. */
export function createReadQuestion(
  ports: Pick<ReadPorts, 'pace' | 'clock'> & {
    readonly policy: PolicySource;
    readonly readTarget: ReadTarget;
  },
): ReadQuestion {
  return async (id) => {
    const load = await ports.policy.current();
    if (load.kind === 'refused')
      throw new ConsoleError('UNAVAILABLE', 'The policy does not load, so nothing is decided.', {
        retryAfterSeconds: 60,
      });
    const { policy } = load;
    const { target } = id;
    const reading = await ports.readTarget(target, policy);
    const now = ports.clock.now();
    const input = inputFrom(ports, jobOf(target, policy, now), { ...reading, startedAt: now });
    const connection = reading.listing?.connections.find((one) => one.id.key === id.key);
    if (connection === undefined) throw new ConsoleError('NOT_FOUND', 'Azure lists no such connection.');
    const stored = reading.state.connectionStates.find((one) => one.connection.key === id.key);
    const { connectionState: row } = reconcile(connection, stored, now, input.nextGeneration);
    const facts = factsOf(input, connection, row);
    const decision = askPolicy(input, connection, row);
    const doubt = doubtOf(input, connection, stored);
    return {
      policy,
      input,
      connection,
      stored,
      row,
      facts,
      decision,
      id: decision && decisionIdOf(connection, row.generation, decision),
      seen: policy.digestOfSeen?.(facts, now) ?? '',
      unclear: doubt === undefined || doubt.isDecided ? undefined : sanitize(doubt.unclear.why, 500),
      readAt: reading.readAt,
    };
  };
}

/** Parses the id of a connection that a request names. @throws ConsoleError BAD_REQUEST */
export function connectionIdFrom(text: string | null): ConnectionId {
  try {
    return parseConnectionId(text ?? '');
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    throw new ConsoleError('BAD_REQUEST', 'This is not the id of a private endpoint connection.');
  }
}
