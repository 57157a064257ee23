import { render } from 'preact';
import type { ConsoleConfig, Me } from '../src/console/api';
import { dropDraft } from './answer/draft';
import { App } from './app';
import { ApiError, createApi, sentenceOf } from './api/client';
import { arrive, depart, isReturn, type Session } from './sign-in/sign-in';
import { SignInScreen, type SignInProblem } from './sign-in/screen';

const root = document.querySelector('#app') ?? document.body;

/** Shows the page: signs in first, unless the sign-in service has just sent the browser back. */
async function start(): Promise<void> {
  showSignIn(undefined);
  const config = await createApi(
    () => undefined,
    () => undefined,
  ).get<ConsoleConfig>('config');
  if (config.value === undefined) throw new Error('The app did not send its settings.');
  await signIn(config.value);
}

async function signIn(config: ConsoleConfig): Promise<void> {
  if (!isReturn(location.hash)) return depart(config);
  const arrival = await arrive(config);
  switch (arrival.kind) {
    case 'must ask':
      return depart(config);
    case 'failed':
      showSignIn(arrival, config);
      return;
    case 'signed in':
      return enter(config, arrival.session);
  }
}

async function enter(config: ConsoleConfig, session: Session): Promise<void> {
  const renew = (): void => void depart(config, { prompt: 'none', account: session.account });
  // A token that is refused right after the sign-in would be refused again and again.
  const api = createApi(
    () => session.token,
    () => {
      if (Date.now() - session.startedAt > 60_000) renew();
    },
  );
  let me: Me | undefined = undefined;
  try {
    me = (await api.get<Me>('me')).value;
  } catch (error) {
    const code = error instanceof ApiError ? error.code : 'UNKNOWN';
    showSignIn({ code, message: sentenceOf(error) }, config);
    return;
  }
  if (me === undefined) throw new Error('The app did not say who you are.');
  const onSwitch = (): void => {
    dropDraft();
    void depart(config, { prompt: 'select_account' });
  };
  render(
    <App config={config} session={session} me={me} api={api} onRenew={renew} onSwitch={onSwitch} />,
    root,
  );
}

function showSignIn(problem: SignInProblem | undefined, config?: ConsoleConfig): void {
  const begin = (other: boolean): void => {
    if (config === undefined) location.reload();
    else void depart(config, other ? { prompt: 'select_account' } : {});
  };
  render(<SignInScreen problem={problem} onSignIn={begin} />, root);
}

start().catch((error: unknown) => showSignIn({ code: 'START', message: sentenceOf(error) }));
