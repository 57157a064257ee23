import { Banner, Heading } from '../parts/screen';

/** What went wrong at a sign-in. */
export interface SignInProblem {
  readonly code: string;
  readonly message: string;
}

/** Shows the screen before anybody is signed in. */
export function SignInScreen({
  problem,
  onSignIn,
}: {
  readonly problem: SignInProblem | undefined;
  /** Begins again; `other`: with a choice of the account. */
  readonly onSignIn: (other: boolean) => void;
}) {
  if (problem === undefined) {
    return (
      <main>
        <Heading title="Signing in" />
        <p>Your organization asks who you are. Then you see what waits for a person.</p>
      </main>
    );
  }
  return (
    <main>
      <Heading title="You are not signed in" />
      <Banner kind="alert">
        <p>
          {problem.message} <code>{problem.code}</code>
        </p>
        {adviceOn(problem.code)}
      </Banner>
      <p class="buttons">
        <button type="button" class="main" onClick={() => onSignIn(false)}>
          Sign in
        </button>
        <button type="button" onClick={() => onSignIn(true)}>
          Use another account
        </button>
      </p>
    </main>
  );
}

/** Entra: the person is not assigned to the application, or has no role in it. */
const withoutRole = new Set(['AADSTS50105', 'AADSTS501051', 'FORBIDDEN']);

function adviceOn(code: string) {
  if (!withoutRole.has(code)) return null;
  return (
    <p>
      Ask whoever administers Postern for the role <strong>Postern.Viewer</strong> to read, or{' '}
      <strong>Postern.Approver</strong> to answer.
    </p>
  );
}
