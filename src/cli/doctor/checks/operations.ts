import { sweepSchedule } from '../../../config/registration';
import { addSeconds } from '../../../base/clock';
import type { OverdueOperation } from '../../../operations/operation-store';
import { oldestFirst, waitingRow } from '../../operators/held-operations';
import type { Check } from '../check';
import type { Examination } from '../examination';
import { ok, problem, warning, type Finding, type FindingLevel } from '../finding';
import { sweepTooOldSeconds } from './sweep';

/** Creates the check of operations that wait in vain or for a person. */
export function operationsCheck({ sources, clock }: Examination): Check {
  return {
    name: 'operations',
    title: 'Operations',
    async run({ report }) {
      const { operations } = sources.records();
      const late = addSeconds(clock.now(), -sweepTooOldSeconds(sweepSchedule(sources.settings.environment)));
      const abandoned = await collect(operations.waitingForPerson('abandoned'));
      const limited = await collect(operations.waitingForPerson('limited'));
      const overdue = await collect(operations.overdue(late));
      judgeOperations({ abandoned, limited, overdue }).forEach(report);
    },
  };
}

/** Number of operations of one kind, and the oldest few. */
interface Some {
  readonly count: number;
  /** The oldest operations, the oldest first. */
  readonly oldest: readonly OverdueOperation[];
}

const mostListed = 5;

async function collect(operations: AsyncIterable<OverdueOperation>): Promise<Some> {
  let count = 0;
  let oldest: readonly OverdueOperation[] = [];
  for await (const each of operations) {
    count += 1;
    oldest = [...oldest, each].sort(oldestFirst).slice(0, mostListed);
  }
  return { count, oldest };
}

/** The operations that the check reports. */
export interface OperationsFacts {
  /** Abandoned after their last attempt. */
  readonly abandoned: Some;
  /** Held by a limit of the policy. */
  readonly limited: Some;
  /** Open, and so late that the sweep should have rescheduled them. */
  readonly overdue: Some;
}

/** Reports abandoned, overdue and held operations. */
export function judgeOperations({ abandoned, limited, overdue }: OperationsFacts): readonly Finding[] {
  const findings = [
    ...reported(abandoned, { level: 'problem', what: 'abandoned', fix: retryOf }),
    ...reported(overdue, {
      level: 'problem',
      what: 'overdue, and no sweep has rescheduled it',
      fix: () => 'check that the app and its function sweep run',
    }),
    ...reported(limited, { level: 'warning', what: 'held by a limit', fix: () => 'postern lift' }),
  ];
  return findings.length > 0
    ? findings
    : [ok('operations', 'no operation is abandoned, overdue or held by a limit')];
}

interface Report {
  readonly level: Exclude<FindingLevel, 'ok'>;
  readonly what: string;
  readonly fix: (operation: OverdueOperation) => string;
}

function reported({ count, oldest }: Some, { level, what, fix }: Report): readonly Finding[] {
  const report = level === 'problem' ? problem : warning;
  const findings = oldest.map((each) => {
    const { connection, effect, since, error } = waitingRow(each);
    const cause = error === undefined ? '' : `: ${error}`;
    return report(connection, `${effect} ${what}, since ${since}${cause}`, fix(each));
  });
  const rest = count - oldest.length;
  return rest === 0 ? findings : [...findings, report('operations', `and ${rest} more ${what}`)];
}

function retryOf({ connection }: OverdueOperation): string {
  return `postern retry ${connection.id}`;
}
