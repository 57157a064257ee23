import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { ConsoleConfig, ConsoleRole, Me } from '../../src/console/api';
import type { Api } from '../api/client';

/** What every screen may use. */
export interface Console {
  readonly config: ConsoleConfig;
  readonly api: Api;
  /** The person, as they signed in. */
  readonly me: Me;
  /** Returns the present time on the server, in milliseconds since 1970. */
  readonly now: () => number;
  /** Has a screen reader say a sentence when it has said what it is at. */
  readonly announce: (sentence: string) => void;
  /**
   * Says whether a person is typing. Meanwhile the page does not leave for a new token by itself.
   */
  readonly setTyping: (isTyping: boolean) => void;
  /** Returns whether the token is valid for another half minute, and otherwise leaves for a new one. */
  readonly ensureToken: () => boolean;
}

const context = createContext<Console | undefined>(undefined);

/** Provides the screens below it with what they may use. */
export const ConsoleProvider = context.Provider;

/**
 * Returns what every screen may use.
 * @throws Error outside a signed-in page.
 */
export function useConsole(): Console {
  const value = useContext(context);
  if (value === undefined) throw new Error('Nobody is signed in');
  return value;
}

/** Returns the present time on the server and renders again every half minute. */
export function useNow(): number {
  const { now } = useConsole();
  const [, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTurn((each) => each + 1), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now();
}

/** Is true if the person has a role. */
export function hasRole(me: Me, role: ConsoleRole): boolean {
  return me.roles.includes(role);
}
