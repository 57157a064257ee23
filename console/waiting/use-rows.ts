import { useEffect, useState } from 'preact/hooks';
import type { OpenPage } from '../../src/console/api';
import { calm } from '../api/pace';
import { useResource } from '../api/use-resource';
import { useConsole } from '../parts/context';
import { changesBetween, changesInWords, refreshed } from './rows';

/** One page of a list, as the API sends it. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly next?: string;
  readonly count?: OpenPage['count'];
}

/** The rows of a page that are on the screen. */
export interface ShownRows<T> {
  /** The newest page; absent until the first reading. */
  readonly page: ListPage<T> | undefined;
  readonly error: unknown;
  /** In their places, each with its newest content. */
  readonly rows: readonly T[];
  /** Keys of rows that the newest page lacks. */
  readonly gone: ReadonlySet<string>;
  /** What the newest page would change, such as `2 new, 1 gone`; absent: nothing. */
  readonly changes: string | undefined;
  /** Shows the newest page. */
  readonly show: () => void;
  /** Reads the page now. */
  readonly reload: () => void;
}

/** Reads a page again and again, and lets its rows keep their places until `show` is called. */
export function useRows<T>(path: string, keyOf: (row: T) => string): ShownRows<T> {
  const { announce } = useConsole();
  const { value: page, error, reload } = useResource<ListPage<T>>(path, () => calm);
  const [shown, setShown] = useState<{ readonly path: string; readonly rows: readonly T[] }>();
  const newest = page?.items ?? [];
  const rows = shown?.path === path ? shown.rows : newest;
  const { fresh, gone } = changesBetween(rows.map(keyOf), newest.map(keyOf));
  const changes = changesInWords({ fresh, gone });
  const show = (): void => setShown({ path, rows: newest });
  useEffect(() => {
    if (page !== undefined && (shown?.path !== path || shown.rows.length === 0)) show();
  }, [page, path]);
  useEffect(() => {
    if (changes !== undefined) announce(`${changes} in the list.`);
  }, [changes]);
  return { page, error, rows: refreshed(rows, newest, keyOf), gone, changes, show, reload };
}
