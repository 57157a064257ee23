import { useCallback, useEffect, useErrorBoundary, useMemo, useRef, useState } from 'preact/hooks';
import type { ConsoleConfig, Me } from '../src/console/api';
import { type Api, sentenceOf } from './api/client';
import { type Route, routeOf } from './base/route';
import { ConnectionScreen } from './connection/connection';
import { type Console, ConsoleProvider } from './parts/context';
import { useKeptFocus } from './parts/kept-focus';
import { Banner } from './parts/screen';
import { Name } from './parts/stranger';
import type { Session } from './sign-in/sign-in';
import { Waiting } from './waiting/waiting';

/** Milliseconds before its end at which a token is renewed when nobody is typing, and at which it is not used. */
const renewal = { wanted: 300_000, needed: 30_000 } as const;

/** Shows the signed-in page: the bar at the top and the screen that the hash names. */
export function App({
  config,
  session,
  me,
  api,
  onRenew,
  onSwitch,
}: {
  readonly config: ConsoleConfig;
  readonly session: Session;
  readonly me: Me;
  readonly api: Api;
  /** Leaves for a new token without asking the person, if possible. */
  readonly onRenew: () => void;
  /** Leaves for another account. */
  readonly onSwitch: () => void;
}) {
  useKeptFocus();
  const route = useRoute();
  const [said, setSaid] = useState({ sentence: '', turn: 0 });
  const typing = useRef(false);
  const announce = useCallback(
    (sentence: string) => setSaid(({ turn }) => ({ sentence, turn: turn + 1 })),
    [],
  );
  const skew = useMemo(() => Date.parse(me.now) - session.startedAt, [me, session]);
  useEffect(() => {
    const renewIfQuiet = (): void => {
      const isSeen = document.visibilityState === 'visible';
      if (isSeen && !typing.current && Date.now() > session.endsAt - renewal.wanted) onRenew();
    };
    const timer = setInterval(renewIfQuiet, 15_000);
    document.addEventListener('visibilitychange', renewIfQuiet);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', renewIfQuiet);
    };
  }, [session]);
  const shared = useMemo(
    (): Console => ({
      config,
      api,
      me,
      now: () => Date.now() + skew,
      announce,
      setTyping: (isTyping) => (typing.current = isTyping),
      ensureToken: () => {
        if (Date.now() < session.endsAt - renewal.needed) return true;
        onRenew();
        return false;
      },
    }),
    [config, api, me, skew, session],
  );
  const toContent = (): void => document.querySelector<HTMLElement>('h1')?.focus();
  return (
    <ConsoleProvider value={shared}>
      <header>
        <button type="button" class="skip" onClick={toContent}>
          Skip to the content
        </button>
        <a class="brand" href="#/">
          Postern
        </a>
        <span class="person">
          <Name text={me.name} />
          <button type="button" onClick={onSwitch}>
            Switch account
          </button>
        </span>
      </header>
      <main>
        <Screen route={route} />
      </main>
      <div class="hidden" role="status" aria-live="polite">
        <span key={said.turn}>{said.sentence}</span>
      </div>
    </ConsoleProvider>
  );
}

function Screen({ route }: { readonly route: Route }) {
  const error: unknown = useErrorBoundary()[0];
  if (error !== undefined) {
    return (
      <Banner kind="alert">
        {sentenceOf(error)}{' '}
        <button type="button" onClick={() => location.reload()}>
          Load the page again
        </button>
      </Banner>
    );
  }
  return route.kind === 'list' ? (
    <Waiting route={route} />
  ) : (
    <ConnectionScreen key={route.id} id={route.id} />
  );
}

function useRoute() {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const follow = (): void => setRoute(routeOf(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return route;
}
