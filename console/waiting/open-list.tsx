import type { OpenItem, OpenState } from '../../src/console/api';
import { hashOf, type Tab } from '../base/route';
import { nameOf } from '../base/ids';
import { Since } from '../parts/moment';
import { Name, ShortQuote } from '../parts/stranger';
import { connectionColumn } from './connection-column';
import { List } from './list';
import type { Column } from './table';
import type { ListPage } from './use-rows';

const states: Readonly<Record<Exclude<Tab, 'recent'>, { state: OpenState; caption: string; empty: string }>> =
  {
    held: {
      state: 'held',
      caption: 'Connections that wait for a person',
      empty: 'Nothing waits for a person.',
    },
    working: {
      state: 'working',
      caption: 'Connections that Postern is working on',
      empty: 'Postern has nothing to do.',
    },
    limited: {
      state: 'limited',
      caption: 'Connections that wait because a limit was reached',
      empty: 'No limit holds anything.',
    },
    'given-up': {
      state: 'given up',
      caption: 'Connections that Postern has given up',
      empty: 'Postern has given up nothing.',
    },
  };

/** Shows one page of the open connections in one state. */
export function OpenList({
  tab,
  after,
  now,
  onPage,
}: {
  readonly tab: Exclude<Tab, 'recent'>;
  readonly after: string | undefined;
  readonly now: number;
  readonly onPage: (page: ListPage<OpenItem>) => void;
}) {
  const { state, caption, empty } = states[tab];
  const query = new URLSearchParams({ state, ...(after === undefined ? {} : { after }) });
  return (
    <List<OpenItem>
      path={`open?${query.toString()}`}
      caption={caption}
      empty={empty}
      columns={columnsAt(now, tab)}
      keyOf={({ id }) => id}
      textsOf={(row) => [
        row.id,
        row.target,
        row.targetType,
        row.endpoint,
        row.message,
        row.reason,
        ...row.rules,
      ]}
      isFirst={after === undefined}
      firstHash={hashOf({ kind: 'list', tab })}
      nextHash={(next) => hashOf({ kind: 'list', tab, after: next })}
      onPage={onPage}
    />
  );
}

function columnsAt(now: number, tab: Tab): readonly Column<OpenItem>[] {
  return [
    { heading: 'Since', cell: ({ since }) => <Since at={since} now={now} /> },
    connectionColumn,
    {
      heading: 'Target',
      cell: ({ target, targetType }) => (
        <>
          <Name text={nameOf(target)} /> <span class="note">{targetType}</span>
        </>
      ),
    },
    { heading: 'Requester', cell: (row) => <Requester row={row} /> },
    { heading: 'Message', cell: ({ message }) => <ShortQuote text={message} /> },
    { heading: tab === 'held' ? 'Why it is held' : 'Why', cell: (row) => <Why row={row} /> },
  ];
}

function Requester({ row: { endpoint, requesterSubscription } }: { readonly row: OpenItem }) {
  if (endpoint === undefined && requesterSubscription === undefined) return <span class="note">unknown</span>;
  return (
    <>
      {endpoint !== undefined && <Name text={nameOf(endpoint)} />}{' '}
      {requesterSubscription !== undefined && (
        <span class="note">
          subscription <Name text={requesterSubscription} />
        </span>
      )}
    </>
  );
}

function Why({ row: { rules, reason, state, mode, effect } }: { readonly row: OpenItem }) {
  return (
    <>
      {state === 'answered' && <span class="badge">answered</span>}
      {mode === 'audit' && effect !== undefined && effect !== 'hold' && (
        <span class="badge">would {effect}</span>
      )}
      {rules.length === 0 ? (
        'no rule matched'
      ) : (
        <>
          <strong>{rules.join(', ')}</strong> <bdi class="note">{reason}</bdi>
        </>
      )}
    </>
  );
}
