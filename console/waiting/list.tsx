import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { sentenceOf } from '../api/client';
import { useConsole } from '../parts/context';
import { Banner } from '../parts/screen';
import { filtered } from './rows';
import { type Column, Table } from './table';
import { type ListPage, type ShownRows, useRows } from './use-rows';

/** What a list shows, and where its pages are. */
export interface ListProps<T> {
  /** What the API is asked for. */
  readonly path: string;
  readonly caption: string;
  /** What is said if there are no rows. */
  readonly empty: string;
  readonly columns: readonly Column<T>[];
  readonly keyOf: (row: T) => string;
  readonly textsOf: (row: T) => readonly (string | undefined)[];
  readonly isFirst: boolean;
  readonly firstHash: string;
  readonly nextHash: (after: string) => string;
  readonly onPage?: (page: ListPage<T>) => void;
}

/**
 * Shows one page of a list with a filter. Rows keep their place while somebody reads: new ones come when asked
 * for, those that have gone are crossed out until then.
 */
export function List<T>(props: ListProps<T>) {
  const { setTyping } = useConsole();
  const list = useRows(props.path, props.keyOf);
  const { page, error } = list;
  const [filter, setFilter] = useState('');
  useEffect(() => {
    if (page !== undefined) props.onPage?.(page);
  }, [page]);
  useEffect(() => {
    setTyping(filter !== '');
    return () => setTyping(false);
  }, [filter]);
  if (page === undefined) return <Missing error={error} onRetry={list.reload} />;
  return (
    <>
      {error !== undefined && <Banner kind="warning">This list may be old. {sentenceOf(error)}</Banner>}
      <div class="bar">
        <label>
          Filter these rows{' '}
          <input
            type="search"
            value={filter}
            onInput={({ currentTarget }) => setFilter(currentTarget.value)}
            autocomplete="off"
            spellcheck={false}
          />
        </label>
        {list.changes !== undefined && (
          <button type="button" onClick={list.show}>
            {list.changes}: show
          </button>
        )}
      </div>
      <Rows
        {...props}
        list={list}
        found={filtered(list.rows, filter, props.textsOf)}
        hasMore={page.next !== undefined}
      />
      <Pages isFirst={props.isFirst} firstHash={props.firstHash}>
        {page.next !== undefined && <a href={props.nextHash(page.next)}>Next page</a>}
      </Pages>
    </>
  );
}

function Missing({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  if (error === undefined) return <p>Loading …</p>;
  return (
    <Banner kind="alert">
      {sentenceOf(error)}{' '}
      <button type="button" onClick={onRetry}>
        Try again
      </button>
    </Banner>
  );
}

function Rows<T>({
  list,
  found,
  hasMore,
  empty,
  ...table
}: Pick<ListProps<T>, 'caption' | 'columns' | 'empty' | 'keyOf'> & {
  readonly list: ShownRows<T>;
  /** The rows that the filter lets through. */
  readonly found: readonly T[];
  readonly hasMore: boolean;
}) {
  if (list.rows.length === 0) return <p class="empty">{hasMore ? 'Nothing on this page.' : empty}</p>;
  if (found.length === 0) return <p class="empty">No row contains these words.</p>;
  const { caption, columns, keyOf } = table;
  return <Table {...{ caption, columns, keyOf }} rows={found} isGone={(row) => list.gone.has(keyOf(row))} />;
}

function Pages({
  isFirst,
  firstHash,
  children,
}: {
  readonly isFirst: boolean;
  readonly firstHash: string;
  readonly children: ComponentChildren;
}) {
  if (isFirst && children === false) return null;
  return (
    <nav class="pages" aria-label="Pages">
      {!isFirst && <a href={firstHash}>First page</a>}
      {children}
    </nav>
  );
}
