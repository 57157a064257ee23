import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { OpenPage } from '../../src/console/api';
import { sentenceOf } from '../api/client';
import { calm } from '../api/pace';
import { useResource } from '../api/use-resource';
import { useConsole } from '../parts/context';
import { Banner } from '../parts/screen';
import { changesBetween, changesInWords, filtered, refreshed } from './rows';
import { type Column, Table } from './table';

/** One page of a list, as the API sends it. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly next?: string;
  readonly count?: OpenPage['count'];
}

/**
 * Shows one page of a list with a filter. Rows keep their place while somebody reads: new ones come when asked for,
 * those that have gone are crossed out until then.
 */
export function List<T>({
  path,
  caption,
  empty,
  columns,
  keyOf,
  textsOf,
  isFirst,
  firstHash,
  nextHash,
  onPage,
}: {
  readonly path: string;
  readonly caption: string;
  readonly empty: string;
  readonly columns: readonly Column<T>[];
  readonly keyOf: (row: T) => string;
  readonly textsOf: (row: T) => readonly (string | undefined)[];
  readonly isFirst: boolean;
  readonly firstHash: string;
  readonly nextHash: (after: string) => string;
  readonly onPage?: (page: ListPage<T>) => void;
}) {
  const { announce, setTyping } = useConsole();
  const { value: page, error, reload } = useResource<ListPage<T>>(path, () => calm);
  const [shown, setShown] = useState<{ readonly path: string; readonly rows: readonly T[] }>();
  const [filter, setFilter] = useState('');
  const rows = shown?.path === path ? shown.rows : page?.items;
  const changes = changesBetween((rows ?? []).map(keyOf), (page?.items ?? []).map(keyOf));
  const words = changesInWords(changes);

  useEffect(() => {
    if (page === undefined) return;
    if (shown?.path !== path || shown.rows.length === 0) setShown({ path, rows: page.items });
    onPage?.(page);
  }, [page, path]);
  useEffect(() => {
    if (words !== undefined) announce(`${words} in the list.`);
  }, [words]);
  useEffect(() => {
    setTyping(filter !== '');
    return () => setTyping(false);
  }, [filter]);

  if (page === undefined || rows === undefined) {
    return error === undefined ? (
      <p>Loading …</p>
    ) : (
      <Banner kind="alert">
        {sentenceOf(error)}{' '}
        <button type="button" onClick={reload}>
          Try again
        </button>
      </Banner>
    );
  }
  const found = filtered(refreshed(rows, page.items, keyOf), filter, textsOf);
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
        <span class="fresh">
          {words !== undefined && (
            <button type="button" onClick={() => setShown({ path, rows: page.items })}>
              {words}: show
            </button>
          )}
        </span>
      </div>
      {rows.length === 0 && <p class="empty">{page.next === undefined ? empty : 'Nothing on this page.'}</p>}
      {rows.length > 0 && found.length === 0 && <p class="empty">No row contains these words.</p>}
      {found.length > 0 && (
        <Table
          caption={caption}
          columns={columns}
          rows={found}
          keyOf={keyOf}
          isGone={(row) => changes.gone.has(keyOf(row))}
        />
      )}
      <Pages isFirst={isFirst} firstHash={firstHash}>
        {page.next !== undefined && <a href={nextHash(page.next)}>Next page</a>}
      </Pages>
    </>
  );
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
