import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useConsole } from '../parts/context';
import { ApiError } from './client';
import { nextReading, type Pace } from './pace';

/** A resource of the API as this page knows it. */
export interface Resource<T> {
  /** Absent until the first reading. Stays while a later reading fails. */
  readonly value: T | undefined;
  /** Why the last reading failed. */
  readonly error: unknown;
  /** Reads it now. */
  readonly reload: () => void;
  /** Replaces the value, with what another reply contained. */
  readonly replace: (value: T) => void;
}

let lastInput = Date.now();
for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
  addEventListener(kind, () => (lastInput = Date.now()), { passive: true });
}

/**
 * Reads a resource, and again at a pace: not while the page is hidden, and at once when it is seen again.
 * Another path starts anew.
 */
export function useResource<T>(
  path: string,
  paceOf: (value: T | undefined) => Pace | undefined,
): Resource<T> {
  const { api } = useConsole();
  const [state, setState] = useState<{ path: string; value?: T; error?: unknown }>({ path });
  const [turn, setTurn] = useState(0);
  const latest = useRef<{ path: string; value?: T; etag?: string | undefined }>({ path });
  const paceRef = useRef(paceOf);
  paceRef.current = paceOf;

  const reload = useCallback(() => setTurn((each) => each + 1), []);
  const replace = useCallback(
    (value: T) => {
      latest.current = { path, value };
      setState({ path, value });
    },
    [path],
  );

  useEffect(() => {
    let isOver = false;
    let timer: number | undefined = undefined;
    if (latest.current.path !== path) latest.current = { path };
    const read = async (): Promise<void> => {
      const before = latest.current;
      try {
        const { value, etag } = await api.get<T>(path, before.etag);
        if (isOver) return;
        // What another reply has replaced meanwhile is newer.
        const isNewest = latest.current === before;
        if (isNewest && value !== undefined) latest.current = { path, value, etag };
        if (isNewest) setState(latest.current);
        schedule(0);
      } catch (error) {
        if (isOver) return;
        const retryAfterMs = error instanceof ApiError ? (error.retryAfter ?? 0) * 1000 : 0;
        // Another tab of the same person is being answered. That is soon over, and no news.
        if (error instanceof ApiError && error.code === 'TOO_MANY') {
          timer = setTimeout(() => void read(), Math.max(retryAfterMs, 1000));
          return;
        }
        setState({ ...latest.current, error });
        schedule(retryAfterMs);
      }
    };
    const schedule = (atLeast: number): void => {
      clearTimeout(timer);
      const pace = paceRef.current(latest.current.value);
      const isVisible = document.visibilityState === 'visible';
      const delay = pace && nextReading(pace, isVisible, lastInput, Date.now());
      if (delay !== undefined) timer = setTimeout(() => void read(), Math.max(delay, atLeast));
    };
    const onVisibility = (): void => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible' && paceRef.current(latest.current.value)) void read();
    };
    document.addEventListener('visibilitychange', onVisibility);
    void read();
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, [api, path, turn]);

  const isCurrent = state.path === path;
  return {
    value: isCurrent ? state.value : undefined,
    error: isCurrent ? state.error : undefined,
    reload,
    replace,
  };
}
