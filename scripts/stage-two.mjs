#!/usr/bin/env node
// Stage two of a deployment: events of the watched subscriptions are delivered to the deployed function. Azure needs minutes until
// it lists a function and knows new rights everywhere, so this waits, says for what, and tries again. Can be repeated at any time.
//
//   node scripts/stage-two.mjs [--tries N] [--pause SECONDS]
//
// Takes the outputs of stage one from the environment, as azd hands them to its hooks, and asks the Azure CLI.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { askAz, harmless, reasonIn } from './az.mjs';

const functionName = 'onResourceEvent';
const parameters = 'infra/events/main.bicepparam';
const again = 'Then run this again: node scripts/stage-two.mjs';

/** No patience helps. The first that fits counts. */
const lasting = [
  {
    sign: /az login|AADSTS\d+|No subscription found/i,
    mend: 'Sign in: az login. azd has a sign-in of its own',
  },
  {
    sign: /SubscriptionNotFound|subscription '?[\w-]+'? (?:could not be|was not|is not) found/i,
    mend: 'The account that is signed in does not see this subscription: az account list. Is it in another tenant?',
  },
  {
    sign: /MissingSubscriptionRegistration|SubscriptionNotRegistered|not registered to use namespace/i,
    mend: 'Register it, in each watched subscription: az provider register --wait --namespace NAMESPACE --subscription ID',
  },
  {
    sign: /(?:one|another|more than one) system topic|system topic[^"]{0,80}already exists/i,
    mend: 'The subscription has such a topic: name it in POSTERN_EXISTING_TOPICS (docs/deploy.md)',
  },
  {
    sign: /InvalidDeploymentLocation|InvalidResourceGroupLocation/,
    mend: 'It was deployed in another region before: take that region, or another environment name (docs/deploy.md)',
  },
  {
    sign: /RequestDisallowedByPolicy/,
    mend: 'Azure Policy denies it: ask for an exemption, or change what it asks for',
  },
  {
    sign: /ScopeLocked|ReadOnlyDisabledSubscription/,
    mend: 'The place is locked or read-only: have that lifted',
  },
  {
    sign: /\bBCP\d{3}\b|InvalidTemplate\b/,
    mend: 'The template and these values do not fit: az bicep upgrade, then look at the line',
  },
];

/** Time helps: what is waited for, and what to do if it never comes. */
const passing = [
  {
    sign: /Destination endpoint not found|should pre-exist|functions\/onResourceEvent\W{0,3}(?:was|is|could)? ?not/i,
    waitsFor: `Event Grid to see the function ${functionName}`,
    mend: 'Does the app start? Look at its log stream, and deploy the package again',
  },
  {
    sign: /validate the provided (?:azure )?endpoint|Endpoint validation|Url validation/i,
    waitsFor: 'the app to answer Event Grid',
    mend: 'Can Event Grid reach the app? Its public network access must be on, at least for Event Grid',
  },
  {
    sign: /DeploymentActive|AnotherOperationInProgress|is still active|BeingDeleted|deprovisioning/i,
    waitsFor: 'what else is under way there to end',
    mend: 'See what it is: az deployment sub list --query "[?properties.provisioningState==\'Running\'].name"',
  },
  {
    sign: /FailedIdentityOperation|userAssignedIdentities[^"]{0,300}not (?:be )?found|PrincipalNotFound|does not exist in the directory/i,
    waitsFor: 'the identity to be known everywhere',
    mend: 'Is it there? Run stage one again',
  },
  {
    sign: /AuthorizationFailed|\bForbidden\b|does not have (?:authorization|permission|access)|\bUnauthorized\b/i,
    waitsFor: 'rights to be known everywhere, which takes up to ten minutes',
    mend: 'Who runs this needs Contributor on each watched subscription and on the resource group of the app',
  },
  {
    sign: /TooManyRequests|throttl|Internal ?Server ?Error|InternalError|Service ?Unavailable|Bad ?Gateway|Gateway ?Timeout|host runtime|timed? ?out|ECONN|Connection (?:aborted|reset|refused)|Max retries/i,
    waitsFor: 'Azure to answer',
    mend: 'Look at https://status.azure.com',
  },
];

class Ended extends Error {}

async function main() {
  const { values } = parseArgs({
    options: { tries: { type: 'string', default: '40' }, pause: { type: 'string', default: '20' } },
  });
  const patience = {
    tries: wholeFrom('--tries', values.tries, 1),
    pauseSeconds: wholeFrom('--pause', values.pause, 0),
  };
  process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));
  const app = appFrom(environment());
  console.log(`Stage two for ${app.name}: events to ${functionName}`);
  await untilDone(patience, () => lookForFunction(app));
  await untilDone(patience, () => deploy(app));
  console.log(
    'Stage two is done: Event Grid delivers to the function. Is all well? docs/deploy.md says how to ask doctor.',
  );
}

function wholeFrom(option, text, least) {
  if (/^\d{1,4}$/.test(text) && Number(text) >= least) return Number(text);
  throw new Ended(`${option} must be a whole number from ${least} to 9999`);
}

/** What the parameters file must have is there, or stage one has not run in this shell. */
function environment() {
  const needed = [...readFileSync(parameters, 'utf8').matchAll(/readEnvironmentVariable\(\s*'(\w+)'\s*\)/g)];
  const names = new Set([
    'AZURE_ENV_NAME',
    'AZURE_LOCATION',
    'POSTERN_FUNCTION_APP_ID',
    ...needed.map(([, name]) => name),
  ]);
  const missing = [...names].filter((name) => !process.env[name]);
  if (missing.length === 0) return process.env;
  throw new Ended(
    `Missing in the environment: ${missing.join(', ')}. They are the outputs of stage one: run it first, then put them into the ` +
      'environment: azd env get-values, or docs/deploy.md, Without azd',
  );
}

function appFrom({ POSTERN_FUNCTION_APP_ID: id, AZURE_ENV_NAME: environmentName, AZURE_LOCATION: location }) {
  const [, subscription, group, name] =
    /^\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/([\w().-]{1,90})\/providers\/Microsoft\.Web\/sites\/([\w-]{1,60})$/i.exec(
      id,
    ) ?? [];
  if (name === undefined)
    throw new Ended(`POSTERN_FUNCTION_APP_ID is not the id of a function app: ${harmless(id)}`);
  if (!/^[\w().-]{1,64}$/.test(environmentName))
    throw new Ended('AZURE_ENV_NAME has characters that no deployment has');
  if (!/^[a-z0-9 ]{1,40}$/i.test(location)) throw new Ended('AZURE_LOCATION is not the name of a region');
  return { subscription, group, name, environmentName, location };
}

/** Tries until it is done. `attempt` resolves to nothing when it is, else to what it waits for. */
async function untilDone({ tries, pauseSeconds }, attempt) {
  for (let count = 1; ; count += 1) {
    const wait = await attempt();
    if (wait === undefined) return;
    if (count === tries)
      throw new Ended(
        `Waited for ${wait.waitsFor}, ${tries} times, in vain. ${wait.reason}\n${wait.mend}. ${again}`,
      );
    console.log(
      `${count} of ${tries}: waiting for ${wait.waitsFor}; again in ${pauseSeconds} s. ${wait.reason}`,
    );
    await pause(pauseSeconds * 1000);
  }
}

async function lookForFunction({ subscription, group, name }) {
  const place = ['--subscription', subscription, '--resource-group', group, '--name', name];
  const reply = await askAz([
    'functionapp',
    'function',
    'list',
    ...place,
    '--only-show-errors',
    '--output',
    'json',
  ]);
  const waitsFor = `the function ${functionName} to be listed`;
  const mend = 'Does the app start? Look at its log stream, and deploy the package again';
  // Right after a deployment of code the host is away in ways that nobody has listed.
  if (reply.code !== 0) return waitAfter(reply) ?? { waitsFor, mend, reason: reasonIn(reply.stderr) };
  const names = namesIn(reply.stdout);
  if (names.includes(functionName.toLowerCase())) return undefined;
  const listed = names.length === 0 ? 'no function' : harmless(names.join(', '));
  return { waitsFor, mend, reason: `The app lists ${listed}` };
}

function namesIn(json) {
  try {
    return JSON.parse(json).map(({ name }) => String(name).split('/').at(-1).toLowerCase());
  } catch {
    throw new Ended(`az functionapp function list answered what is no list: ${harmless(json)}`);
  }
}

async function deploy({ subscription, location, environmentName }) {
  const where = [
    '--subscription',
    subscription,
    '--location',
    location,
    '--name',
    `postern-events-${environmentName}`,
  ];
  const reply = await askAz([
    'deployment',
    'sub',
    'create',
    ...where,
    '--parameters',
    parameters,
    '--only-show-errors',
    '--output',
    'none',
  ]);
  if (reply.code === 0) return undefined;
  const wait = waitAfter(reply);
  if (wait !== undefined) return wait;
  throw new Ended(`Azure refused stage two. ${reasonIn(reply.stderr)}\n${again}`);
}

/** What to wait for after a failure; `undefined` for one that is not known. Throws when waiting would not help. */
function waitAfter({ code, stderr }) {
  if (code === undefined || /not recognized as an internal/.test(stderr)) {
    throw new Ended(`The Azure CLI is not there: https://aka.ms/installazurecli. ${again}`);
  }
  const reason = reasonIn(stderr);
  const end = lasting.find(({ sign }) => sign.test(stderr));
  if (end !== undefined) throw new Ended(`Azure refused. ${reason}\n${end.mend}. ${again}`);
  const wait = passing.find(({ sign }) => sign.test(stderr));
  return wait && { ...wait, reason };
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Ended) && !String(error.code).startsWith('ERR_PARSE_ARGS')) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
