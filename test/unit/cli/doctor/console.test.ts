import { readConfig } from '../../../../src/config/config';
import type { DoctorSources } from '../../../../src/cli/doctor/sources';
import {
  armOf,
  wellDeployment,
  wellDeploymentOf,
  wellEnvironment,
  wellRegistration,
} from '../../../support/rigs/doctor';
import { runTool } from '../../../support/rigs/cli';
import { sampleTarget } from '../../../../dev/lib/samples';

const app =
  '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.Web/sites/func';
const environment = {
  ...wellEnvironment,
  CONSOLE_CLIENT_ID: '11111111-1111-4111-8111-111111111111',
  CONSOLE_TENANT_ID: '22222222-2222-4222-8222-222222222222',
};
const settingsOf = (more: Record<string, string> = {}) => {
  const all = { ...environment, ...more };
  return { environment: all, config: readConfig(all), problems: [] };
};
const withConsole = 'version: 1\nconsole: { approve: [role] }\n';

async function findings(
  change: Partial<DoctorSources>,
  policy = withConsole,
  args = ['--function-app', app],
) {
  const sources = wellDeploymentOf(policy, { settings: settingsOf(), ...change });
  const { output } = await runTool(['doctor', '--only', 'console', '--json', ...args], {
    doctorSources: () => sources,
  });
  const { checks } = JSON.parse(output.join('\n')) as {
    checks: { findings: { level: string; message: string }[] }[];
  };
  return checks.flatMap((check) => check.findings.map(({ level, message }) => `${level}: ${message}`));
}

const deployed = (state: object) => {
  const arm = armOf(sampleTarget());
  const console = async () => ({
    httpsOnly: true,
    hasAuthentication: false,
    functionState: 'ready' as const,
    ...state,
  });
  return { arm: () => ({ ...arm, deployed: { ...arm.deployed, console } }) };
};

test('a console that works is fine', async () => {
  expect(await findings({})).toEqual([
    'ok: the policy says who may answer',
    'ok: the keys of the sign-in service can be read from here',
    'ok: people can sign in with the registration',
    'ok: the console’s function is there, over HTTPS only',
  ]);
});

test('without a console there is nothing to check', async () => {
  const { settings } = wellDeployment();
  expect(await findings({ settings })).toEqual(['ok: no console is configured']);
});

const registered = (change: object | undefined) => ({
  registration: () => ({ read: async () => change && { ...wellRegistration, ...change } }),
});

test.each<[string, Partial<DoctorSources>, RegExp]>([
  ['no registration', registered(undefined), /problem: the tenant has no registration/],
  [
    'tokens of version 1',
    registered({ tokenVersion: undefined }),
    /problem: its access tokens have version 1/,
  ],
  ['a missing scope', registered({ scopes: ['Other'] }), /problem: it has no scope Console\.Use/],
  [
    'missing roles',
    registered({ roles: ['Postern.Viewer'] }),
    /problem: it lacks roles for people: Postern\.Approver, Postern\.Operator/,
  ],
  [
    'a redirect to elsewhere',
    registered({ redirectUris: ['https://stranger.example/console/?x', 'http://func/console/'] }),
    /problem: no redirect URI of its single-page application is the console/,
  ],
  [
    'a directory that may not be read',
    { registration: () => ({ read: () => Promise.reject(new Error('Microsoft Graph answers HTTP 403')) }) },
    /warning: the registration was not checked: .*HTTP 403/,
  ],
  [
    'keys that cannot be read',
    { signInKeys: () => ({ count: () => Promise.reject(new Error('HTTP 404')) }) },
    /problem: the keys .* HTTP 404/,
  ],
  ['no keys', { signInKeys: () => ({ count: async () => 0 }) }, /problem: the sign-in service has no keys/],
  [
    'authentication by the platform',
    deployed({ hasAuthentication: true }),
    /problem: App Service authentication is on/,
  ],
  [
    'the same, by a setting',
    { settings: settingsOf({ WEBSITE_AUTH_ENABLED: 'True' }) },
    /problem: App Service authentication is on/,
  ],
  ['plain HTTP', deployed({ httpsOnly: false }), /problem: the app answers plain HTTP/],
  ['a missing function', deployed({ functionState: 'missing' }), /problem: the app has no function console/],
  [
    'a disabled function',
    deployed({ functionState: 'disabled' }),
    /problem: the function console is disabled/,
  ],
])('%s is found', async (_, change, expected) => {
  expect(await findings(change)).toContainEqual(expect.stringMatching(expected));
});

test('a policy that lets nobody answer is found, and an app that was not named', async () => {
  expect(await findings({}, 'version: 1\n', [])).toEqual([
    'warning: nobody may answer in the console',
    'ok: the keys of the sign-in service can be read from here',
    'ok: people can sign in with the registration',
    'warning: the app was not checked',
  ]);
});
