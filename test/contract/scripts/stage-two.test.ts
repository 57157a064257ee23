import { runNode } from '../../support/repo/project';
import { createStubAz, type AzAnswer, type StubAz } from '../../support/repo/stub-az';

const subscription = '11111111-1111-4111-8111-111111111111';
const app = `/subscriptions/${subscription}/resourceGroups/rg-postern/providers/Microsoft.Web/sites/func-abc`;
const outputs = {
  AZURE_ENV_NAME: 'postern-test',
  AZURE_LOCATION: 'westeurope',
  POSTERN_FUNCTION_APP_ID: app,
  POSTERN_STORAGE_ACCOUNT_ID: `/subscriptions/${subscription}/storage`,
  POSTERN_EVENTS_IDENTITY_ID: `/subscriptions/${subscription}/identity`,
  POSTERN_WATCHED_SUBSCRIPTIONS: `["${subscription}"]`,
  POSTERN_EVENT_SOURCES: `["${subscription}"]`,
  POSTERN_STORAGE_IS_OPEN: 'true',
};

/** As `az deployment sub create` shows what a nested deployment failed of. */
const failedWith = (code: string, message: string): AzAnswer => ({
  stderr: `ERROR: ${JSON.stringify({
    status: 'Failed',
    error: {
      code: 'DeploymentFailed',
      target: `/subscriptions/${subscription}/providers/Microsoft.Resources/deployments/postern-events-postern-test`,
      message:
        'At least one resource deployment operation failed. Please list deployment operations for details.',
      details: [
        {
          code: 'ResourceDeploymentFailure',
          target: `/subscriptions/${subscription}/providers/Microsoft.Resources/deployments/watched`,
          message: 'The resource write operation failed to complete successfully.',
          details: [{ code, message }],
        },
      ],
    },
  })}\n`,
});
const preflightOf = (code: string, message: string): AzAnswer => ({
  stderr: `ERROR: (${code}) ${message}\nCode: ${code}\nMessage: ${message}\n`,
});

const noFunction = failedWith(
  'InvalidRequest',
  `Destination endpoint not found. Resource details: resourceId: ${app}/functions/onResourceEvent. Resource should pre-exist before attempting this operation. Activity id:8d0c, timestamp: 1/5/2026 12:00:00 PM (UTC).`,
);
const noRight = preflightOf(
  'AuthorizationFailed',
  `The client 'me@example.com' with object id '9' does not have authorization to perform action 'Microsoft.EventGrid/systemTopics/write' over scope '/subscriptions/${subscription}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
);
const stillActive = preflightOf(
  'DeploymentActive',
  "Unable to edit or replace deployment 'postern-events-postern-test': previous deployment from '1/5/2026 11:59:00 AM' is still active (expiration time is '1/12/2026 11:59:00 AM'). Please see https://aka.ms/arm-deploy for usage details.",
);
const noIdentity = failedWith(
  'FailedIdentityOperation',
  'Identity operation for resource \'/subscriptions/1/topic\' failed with error \'Failed to perform resource identity operation. Status: \'BadRequest\'. Response: \'{"error":{"code":"BadRequest","message":"Resource was not found."}}\'.\'',
);
const noHost = {
  stderr:
    "ERROR: Operation returned an invalid status 'Bad Request'\nEncountered an error (ServiceUnavailable) from host runtime.\n",
};

const listed: AzAnswer = { stdout: '[{"name":"func-abc/sweep"},{"name":"func-abc/onResourceEvent"}]' };
const nothingListed: AzAnswer = { stdout: '[]' };
const done: AzAnswer = {};

const stubs: StubAz[] = [];
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.remove();
});

async function run(
  lists: readonly AzAnswer[],
  deployments: readonly AzAnswer[],
  environment: object = outputs,
) {
  const stub = createStubAz({ 'functionapp function list': lists, 'deployment sub create': deployments });
  stubs.push(stub);
  const args = ['scripts/stage-two.mjs', '--tries', '4', '--pause', '0'];
  const { code, stdout, stderr } = await runNode(args, { ...environment, PATH: stub.path });
  return { code, lines: stdout.trimEnd().split('\n'), end: stderr.trimEnd(), calls: stub.calls() };
}

describe('stage two', () => {
  test('where all is ready asks twice, and says that it is done', async () => {
    const { code, lines, end, calls } = await run([listed], [done]);
    expect([code, end]).toEqual([0, '']);
    expect(lines.at(-1)).toMatch(/^Stage two is done: /);
    expect(calls).toEqual([
      expect.arrayContaining([
        '--resource-group',
        'rg-postern',
        '--name',
        'func-abc',
        '--subscription',
        subscription,
      ]),
      expect.arrayContaining([
        ...['--name', 'postern-events-postern-test', '--location', 'westeurope'],
        ...['--parameters', 'infra/events/main.bicepparam', '--subscription', subscription],
      ]),
    ]);
  });

  test('waits until the function is listed, whatever the host says before', async () => {
    const { code, lines, calls } = await run(
      [noHost, nothingListed, { stdout: '[{"name":"func-abc/sweep"}]' }, listed],
      [done],
    );
    expect([code, calls.length]).toEqual([0, 5]);
    expect(lines.slice(1, 4)).toEqual([
      expect.stringMatching(/^1 of 4: waiting for Azure to answer; again in 0 s\. .*invalid status/),
      '2 of 4: waiting for the function onResourceEvent to be listed; again in 0 s. The app lists no function',
      '3 of 4: waiting for the function onResourceEvent to be listed; again in 0 s. The app lists sweep',
    ]);
  });

  test.each([
    [
      'Event Grid to see the function onResourceEvent',
      noFunction,
      'InvalidRequest: Destination endpoint not found.',
    ],
    ['rights to be known everywhere', noRight, 'AuthorizationFailed: The client'],
    ['what else is under way there to end', stillActive, 'DeploymentActive: Unable to edit'],
    ['the identity to be known everywhere', noIdentity, 'Resource was not found'],
    [
      'Azure to answer',
      { stderr: 'ERROR: (InternalServerError) Encountered internal server error.\n' },
      'InternalServerError: Encountered',
    ],
  ])('waits for %s, with the reason on the screen', async (what, answer, reason) => {
    const { code, lines, calls } = await run([listed], [answer, answer, done]);
    expect([code, calls.length]).toEqual([0, 4]);
    const waits = lines.filter((line) => line.includes(`waiting for ${what}`));
    expect(waits).toHaveLength(2);
    expect(waits[0]).toContain(reason);
  });

  test.each([
    [
      'nobody is signed in',
      { stderr: "ERROR: Please run 'az login' to setup account.\n" },
      'Sign in: az login',
    ],
    [
      'a provider is not registered',
      failedWith(
        'MissingSubscriptionRegistration',
        "The subscription is not registered to use namespace 'Microsoft.EventGrid'. See https://aka.ms/rps-not-found for how to register subscriptions.",
      ),
      'az provider register --wait',
    ],
    [
      'the subscription has such a topic',
      failedWith(
        'InvalidRequest',
        'Only one system topic is allowed per source. Existing system topic: /subscriptions/1/resourceGroups/g/providers/Microsoft.EventGrid/systemTopics/t',
      ),
      'POSTERN_EXISTING_TOPICS',
    ],
    [
      'it was in another region',
      preflightOf(
        'InvalidDeploymentLocation',
        "Invalid deployment location 'westeurope'. The deployment 'x' already exists in location 'northeurope'.",
      ),
      'take that region, or another environment name',
    ],
    [
      'Azure Policy denies it',
      failedWith('RequestDisallowedByPolicy', "Resource 'rg' was disallowed by policy."),
      'exemption',
    ],
    [
      'nobody knows what it is',
      preflightOf('BadRequest', 'The moon is too low.'),
      'BadRequest: The moon is too low.',
    ],
  ])('ends at once where patience does not help: %s', async (_, answer, mend) => {
    const { code, end, calls } = await run([listed], [answer, done]);
    expect([code, calls.length]).toEqual([1, 2]);
    expect(end).toContain(mend);
    expect(end).toMatch(/run this again: node scripts\/stage-two\.mjs$/);
  });

  test('ends with what to do when the function never comes, and deploys nothing', async () => {
    const { code, end, calls } = await run([nothingListed], [done]);
    expect([code, calls.length]).toEqual([1, 4]);
    expect(end).toContain('Waited for the function onResourceEvent to be listed, 4 times, in vain');
    expect(end).toContain('Does the app start?');
  });

  test('ends with whose right is missing when rights never come', async () => {
    const { code, end } = await run([listed], [noRight]);
    expect(code).toBe(1);
    expect(end).toContain('Who runs this needs Contributor on each watched subscription');
  });

  test('without the outputs of stage one names what is missing, and asks nobody', async () => {
    const rest = { ...outputs, POSTERN_FUNCTION_APP_ID: '', AZURE_LOCATION: '' };
    const { code, end, calls } = await run([listed], [done], rest);
    expect([code, calls]).toEqual([1, []]);
    expect(end).toMatch(
      /^Missing in the environment: AZURE_LOCATION, POSTERN_FUNCTION_APP_ID\. .*azd env get-values/,
    );
  });

  test.each(['/subscriptions/x', `${app}" & calc`, `${app}/functions/f`])(
    'takes no id for an app that is none: %s',
    async (id) => {
      const { code, end, calls } = await run([listed], [done], { ...outputs, POSTERN_FUNCTION_APP_ID: id });
      expect([code, calls]).toEqual([1, []]);
      expect(end).toContain('POSTERN_FUNCTION_APP_ID is not the id of a function app');
    },
  );

  test('says where the Azure CLI is to be had when there is none', async () => {
    const { code, stderr } = await runNode(['scripts/stage-two.mjs'], { ...outputs, PATH: '/nowhere' });
    expect(code).toBe(1);
    expect(stderr).toContain('https://aka.ms/installazurecli');
  });

  test('nothing that Azure repeats of others becomes a command of a pipeline', async () => {
    const { end } = await run(
      [listed],
      [preflightOf('BadRequest', 'rg ##vso[task.setvariable variable=x]1 \u001b[31m')],
    );
    expect(end).toContain('# #vso[');
    expect(end).not.toMatch(/##vso|\u001b/);
  });
});

test('on Windows each argument stands in quotes, and none can leave them', async () => {
  const show = (args: readonly string[]) =>
    runNode([
      '--input-type=module',
      '-e',
      `import { windowsCommand } from './scripts/az.mjs'; console.log(windowsCommand(${JSON.stringify(args)}))`,
    ]);
  expect((await show(['deployment', 'sub', 'create', '--name', 'a (b) & c'])).stdout).toBe(
    'az "deployment" "sub" "create" "--name" "a (b) & c"\n',
  );
  for (const hostile of ['a" & calc', '%PATH%', 'a\nb', 'x!y'])
    expect((await show([hostile])).stderr).toContain('cmd cannot be handed');
});
