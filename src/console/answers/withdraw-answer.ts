import type { AuditRecord } from '../../audit/audit-record';
import { hasCode } from '../../base/errors';
import { sanitize } from '../../base/text';
import type { ConnectionId } from '../../connections/resource-id';
import type { Answer } from '../../operations/answer';
import type { ConnectionState } from '../../operations/operation';
import { targetRecord } from '../../review/records';
import { ConsoleError } from '../http/message';
import type { Person } from '../sign-in/person';
import { finishStoring, storeAnswer, type StorePorts } from '../../review/undo/store-answer';

/** Which answer a person takes back. */
export interface Withdrawal {
  readonly id: ConnectionId;
  readonly decisionId: string;
  readonly person: Person;
}

const mostTries = 3;
const because = 'a person took an answer back';

/**
 * Takes a person's own answer back, as long as no write has begun: row first, then the ledger, then a review
 * that decides again.
 * @throws ConsoleError NOT_HELD, ANSWERED; PosternError STORE_UNAVAILABLE, LEDGER_UNAVAILABLE
 */
export async function withdrawAnswer(ports: StorePorts, withdrawal: Withdrawal): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await withdraw(ports, withdrawal);
      return;
    } catch (error) {
      if (!hasCode(error, 'STORE_CONFLICT')) throw error;
      if (tries === mostTries)
        throw new ConsoleError(
          'ANSWERED',
          'The connection is changing. Load the page again, and then try again.',
          { cause: error },
        );
    }
  }
}

async function withdraw(ports: StorePorts, { id, decisionId, person }: Withdrawal): Promise<void> {
  const row = await ports.operations.get(id);
  const answer = row?.answer;
  if (row !== undefined && isWithdrawn(answer, decisionId, person)) return finishStoring(ports, row, because);
  const own = answer?.given.find(({ oid }) => oid === person.oid);
  if (row === undefined || answer === undefined || own === undefined || answer.decisionId !== decisionId)
    throw new ConsoleError('NOT_HELD', 'You have no answer to withdraw.');
  if (row.operation?.state === 'running')
    throw new ConsoleError('ANSWERED', 'The write has begun, so the answer cannot be withdrawn.');
  const given = answer.given.filter(({ oid }) => oid !== person.oid);
  const record = withdrawnRecord(row, answer, { person, at: own.at, now: ports.clock.now() });
  const untold = [...(answer.untold ?? []), record];
  await storeAnswer(ports, row, {
    answer: { ...answer, given, untold },
    because,
  });
}

/** Tells whether this withdrawal is stored already, and may not be in the ledger yet. */
function isWithdrawn(answer: Answer | undefined, decisionId: string, { oid }: Person): boolean {
  const isOwn = answer?.given.some((given) => given.oid === oid) === true;
  const records = answer?.untold ?? [];
  return !isOwn && records.some(({ id }) => id.startsWith(`${decisionId}|withdrawn|${oid}|`));
}

function withdrawnRecord(
  { connection, status, firstSeen }: ConnectionState,
  { decisionId, effect }: Answer,
  { person, at, now }: { readonly person: Person; readonly at: string; readonly now: Date },
): AuditRecord {
  return {
    ...targetRecord({ target: connection.target, now, traceId: undefined }),
    id: `${decisionId}|withdrawn|${person.oid}|${at}`,
    kind: 'withdrawn',
    decisionId,
    connection: connection.id,
    status: sanitize(status),
    firstSeen,
    effect,
    reason: 'A person took their answer back before it was carried out',
    by: sanitize(`${person.name} (${person.oid})`),
    answers: decisionId,
  };
}
