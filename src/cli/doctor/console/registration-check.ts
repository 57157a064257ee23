import { describeError } from '../../../base/errors';
import type { ConsoleSettings } from '../../../config/config';
import { type CheckRun, oneLine } from '../check';
import type { Examination } from '../examination';
import { type Finding, ok, problem, warning } from '../finding';
import type { ConsoleRegistration } from '../sources';

const scope = 'Console.Use';
const roles = ['Postern.Viewer', 'Postern.Approver', 'Postern.Operator'];
const guide = 'follow "Set it up" in docs/console.md';

/** Checks the app registration with which people sign in, if the caller may read it. */
export async function checkRegistration(
  { sources }: Examination,
  settings: ConsoleSettings,
  { report }: CheckRun,
): Promise<void> {
  const place = `registration ${settings.clientId}`;
  try {
    judgeRegistration(place, await sources.registration().read(settings)).forEach(report);
  } catch (error) {
    const message = `the registration was not checked: ${oneLine(describeError(error))}`;
    report(warning(place, message, 'sign in as somebody who may read registrations of the tenant'));
  }
}

/** Checks whether people can sign in with a registration, and whether Postern accepts their tokens. */
export function judgeRegistration(
  place: string,
  registration: ConsoleRegistration | undefined,
): readonly Finding[] {
  if (registration === undefined)
    return [problem(place, 'the tenant has no registration with CONSOLE_CLIENT_ID', guide)];
  const findings: Finding[] = [];
  if (registration.tokenVersion !== 2)
    findings.push(
      problem(
        place,
        'its access tokens have version 1, which Postern refuses',
        'set `requestedAccessTokenVersion` of its `api` to 2',
      ),
    );
  if (!registration.scopes.includes(scope))
    findings.push(problem(place, `it has no scope ${scope}, so nobody can sign in`, guide));
  const missing = roles.filter((role) => !registration.roles.includes(role));
  if (missing.length > 0)
    findings.push(problem(place, `it lacks roles for people: ${missing.join(', ')}`, guide));
  if (!registration.redirectUris.some(isPage))
    findings.push(
      problem(
        place,
        'no redirect URI of its single-page application is the console',
        'add https://HOST/console/ to `spa.redirectUris`',
      ),
    );
  return findings.length > 0 ? findings : [ok(place, 'people can sign in with the registration')];
}

function isPage(uri: string): boolean {
  return /^https:\/\/[^/?#]+\/console\/$/.test(uri);
}
