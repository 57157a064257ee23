import type { RecentItem, RecentKind } from '../../src/console/api';
import { nameOf } from '../base/ids';
import { hashOf } from '../base/route';
import { dayBeside } from '../base/time';
import { namesIn } from '../base/words';
import { Moment } from '../parts/moment';
import { Name } from '../parts/stranger';
import { connectionColumn } from './connection-column';
import { List } from './list';
import type { Column } from './table';

const words: Readonly<Record<RecentKind, string>> = {
  applied: 'done',
  failed: 'failed',
  expired: 'timed out',
  unproven: 'not proven',
  superseded: 'overtaken',
  abandoned: 'given up',
  answered: 'answered',
  lapsed: 'lapsed',
  withdrawn: 'withdrawn',
};

/** Shows the ends of one UTC day, newest first. */
export function RecentList({
  day,
  today,
  after,
}: {
  readonly day: string | undefined;
  readonly today: string;
  readonly after: string | undefined;
}) {
  const shown = day ?? today;
  const query = new URLSearchParams({ day: shown, ...(after === undefined ? {} : { after }) });
  const to = (other: string): string =>
    hashOf({ kind: 'list', tab: 'recent', ...(other === today ? {} : { day: other }) });
  return (
    <>
      <nav class="pages" aria-label="Days">
        <a href={to(dayBeside(shown, -1))}>Day before</a>
        <strong>{shown} (UTC)</strong>
        {shown < today && <a href={to(dayBeside(shown, 1))}>Day after</a>}
      </nav>
      <List<RecentItem>
        path={`recent?${query.toString()}`}
        caption={`What ended on ${shown}`}
        empty="Nothing ended on this day."
        columns={columns}
        keyOf={({ id, at, kind }) => `${at} ${kind} ${id}`}
        textsOf={(row) => [
          row.id,
          row.target,
          row.targetType,
          row.endpoint,
          row.reason,
          row.by,
          row.effect,
          ...row.rules,
        ]}
        isFirst={after === undefined}
        firstHash={to(shown)}
        nextHash={(next) => hashOf({ kind: 'list', tab: 'recent', day: shown, after: next })}
      />
    </>
  );
}

const columns: readonly Column<RecentItem>[] = [
  { heading: 'When', cell: ({ at }) => <Moment at={at} /> },
  connectionColumn,
  { heading: 'Target', cell: ({ target }) => <Name text={nameOf(target)} /> },
  {
    heading: 'What',
    cell: ({ effect, kind }) => (effect === undefined ? words[kind] : `${effect}: ${words[kind]}`),
  },
  { heading: 'Who', cell: ({ by }) => (by === undefined ? 'policy' : <Name text={namesIn(by)} />) },
  {
    heading: 'Why',
    cell: ({ rules, reason }) => (
      <>
        {rules.length > 0 && <strong>{rules.join(', ')}</strong>} <bdi class="note">{reason}</bdi>
      </>
    ),
  },
];
