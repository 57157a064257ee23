import type { AuditLog } from '../../audit/audit-log';
import type { AuditRecord } from '../../audit/audit-record';
import { addSeconds, type Clock, dayOf } from '../../base/clock';
import { describeError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { ConsoleIndex } from './console-index';
import { changesFrom, endsFrom } from './entries';

/** The ports of `auditWithIndex`. */
export interface IndexingPorts {
  readonly index: ConsoleIndex;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** For how many days ends are kept for display; the ledger keeps them for good. */
export const keptDays = 30;
const daySeconds = 24 * 60 * 60;
const mostForgotten = 5_000;

/**
 * Wraps an audit log so that it also keeps the console's index. The ledger is written first. If the index
 * cannot be written, that is logged and nothing else happens: a page reads the truth when it matters, and
 * tomorrow's record of what waits adds the entry.
 */
export function auditWithIndex(audit: AuditLog, ports: IndexingPorts): AuditLog {
  const forget = createForget(ports);
  return {
    async record(records) {
      await audit.record(records);
      await indexRecords(ports, records);
      await forget();
    },
    note: (records) => audit.note(records),
    flush: () => audit.flush(),
  };
}

async function indexRecords(
  { index, logger }: IndexingPorts,
  records: readonly AuditRecord[],
): Promise<void> {
  try {
    const [changes, ends] = [changesFrom(records), endsFrom(records)];
    if (changes.length > 0) await index.change(changes);
    if (ends.length > 0) await index.addEnds(ends);
  } catch (error) {
    logger.warn(`The console's index was not written. It is corrected later. ${describeError(error)}`);
  }
}

/** Creates the removal of old ends: once a day in each process, those of the days that are no longer shown. */
function createForget({ index, clock, logger }: IndexingPorts): () => Promise<void> {
  let forgottenOn = '';
  return async () => {
    const now = clock.now();
    const today = dayOf(now);
    if (forgottenOn === today) return;
    forgottenOn = today;
    try {
      for (const days of [keptDays + 1, keptDays + 2, keptDays + 3])
        await index.forgetDay(dayOf(addSeconds(now, -days * daySeconds)), mostForgotten);
    } catch (error) {
      logger.warn(`Old ends were not removed from the console's index. ${describeError(error)}`);
    }
  };
}
