#!/usr/bin/env node
// Lists what a deployment of Postern owns in every scope, and removes what nobody wants any more: a template only ever adds, so a
// subscription that is taken off a list keeps its roles, topics and event subscriptions.
//
//   node scripts/deployment.mjs list [--json]
//   node scripts/deployment.mjs remove [--everything] [--yes]
//
// Takes the outputs of stage one from the environment, and asks the Azure CLI. Removes nothing without --yes.
import { parseArgs } from 'node:util';
import { askAz, harmless } from './az.mjs';
import { arm, ArmTrouble } from './deployment/arm.mjs';
import { inventory } from './deployment/inventory.mjs';

class Wrong extends Error {}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean' }, everything: { type: 'boolean' }, yes: { type: 'boolean' } },
  });
  const [command] = positionals;
  if (positionals.length !== 1 || !['list', 'remove'].includes(command)) {
    throw new Wrong('Usage: node scripts/deployment.mjs list [--json] | remove [--everything] [--yes]');
  }
  const wants = wantsFrom(process.env);
  await assertSignedIn();
  const { items, unread } = await inventory(wants);
  if (command === 'list')
    return values.json ? console.log(JSON.stringify({ items, unread }, undefined, 2)) : list(items, unread);
  return remove({ items, unread, wants }, values);
}

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** What the deployment is meant to have. The list of watched subscriptions must be there: without it all would be left over. */
function wantsFrom(environment) {
  const names = [
    'AZURE_ENV_NAME',
    'POSTERN_FUNCTION_APP_ID',
    'POSTERN_EVENTS_IDENTITY_ID',
    'POSTERN_PRINCIPAL_ID',
  ];
  const missing = names.filter((name) => !environment[name]);
  const watched =
    idsFrom(environment, 'POSTERN_EVENT_SOURCES') ?? idsFrom(environment, 'POSTERN_WATCHED_SUBSCRIPTIONS');
  if (watched === undefined) missing.push('POSTERN_EVENT_SOURCES');
  if (missing.length > 0) {
    throw new Wrong(
      `Missing in the environment: ${missing.join(', ')}. They are the outputs of stage one: azd env get-values, or docs/deploy.md, Without azd`,
    );
  }
  if (!/^[\w().-]{1,64}$/.test(environment.AZURE_ENV_NAME))
    throw new Wrong('AZURE_ENV_NAME has characters that no deployment has');
  const functionAppId = environment.POSTERN_FUNCTION_APP_ID;
  const [, group, token] =
    /^(\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[^/]+)\/.*\/(?:[a-z]+-)*([^/-]+)$/i.exec(
      functionAppId,
    ) ?? [];
  if (token === undefined)
    throw new Wrong(`POSTERN_FUNCTION_APP_ID is not the id of a function app: ${harmless(functionAppId)}`);
  return {
    environmentName: environment.AZURE_ENV_NAME,
    functionAppId,
    group,
    token,
    eventsIdentityId: environment.POSTERN_EVENTS_IDENTITY_ID,
    principalId: environment.POSTERN_PRINCIPAL_ID,
    watched,
    requesters: idsFrom(environment, 'POSTERN_REQUESTER_SUBSCRIPTIONS'),
    operators: idsFrom(environment, 'POSTERN_OPERATORS'),
  };
}

/** GUIDs in lower case, of a JSON list of them or of principals; `undefined` when the variable is not set. */
function idsFrom(environment, name) {
  const text = environment[name];
  if (!text) return undefined;
  try {
    const ids = JSON.parse(text).map((one) => one.principalId ?? one);
    if (ids.every((id) => guid.test(id))) return ids.map((id) => id.toLowerCase());
  } catch {
    // Told below, as every other text that is no such list.
  }
  throw new Wrong(`${name} must be a JSON list of ids: ${harmless(text)}`);
}

async function assertSignedIn() {
  const { code } = await askAz(['account', 'show', '--output', 'none']);
  if (code === undefined) throw new Wrong('The Azure CLI is not there: https://aka.ms/installazurecli');
  if (code !== 0) throw new Wrong('Sign in: az login. azd has a sign-in of its own');
}

function list(items, unread) {
  for (const [title, isIn] of [
    ['Left over: on no list any more', ({ wanted }) => !wanted],
    ['In use', ({ wanted }) => wanted],
  ]) {
    const some = items.filter(isIn);
    console.log(`${title}: ${some.length === 0 ? 'nothing' : some.length}`);
    for (const item of some) console.log(`  ${lineOf(item)}`);
  }
  tellUnread(unread);
  if (items.some(({ wanted, keep }) => !wanted && keep === undefined)) {
    console.log('To remove what is left over: node scripts/deployment.mjs remove --yes');
  }
}

function lineOf({ kind, id, note, keep }) {
  const beside = [note, keep && `stays: ${keep}`].filter(Boolean).join('; ');
  return `${kind} ${harmless(id)}${beside === '' ? '' : ` (${beside})`}`;
}

function tellUnread(unread) {
  for (const { place, reason } of unread)
    console.log(`Not looked at, there may be more: ${harmless(place)}: ${reason}`);
}

async function remove({ items, unread, wants }, { everything = false, yes = false }) {
  const leaving = items
    .filter(({ wanted, keep }) => keep === undefined && (everything || !wanted))
    .toSorted((one, other) => one.order - other.order);
  tellUnread(unread);
  if (leaving.length === 0) console.log('Nothing is to be removed');
  let failures = 0;
  for (const item of leaving) {
    if (!yes) console.log(`Would be removed: ${lineOf(item)}`);
    else failures += await removeOne(item);
  }
  if (!yes && leaving.length > 0) console.log('Nothing was removed. To do it: the same command with --yes');
  if (everything) {
    console.log(
      `What is left is the resource group of the app, with the ledger in it. Export the ledger if you must keep it, then lift the lock on ` +
        `the account if there is one: az group delete --name ${wants.group.split('/').at(-1)} --subscription ${wants.group.split('/')[2]}`,
    );
  }
  // Removal that was not whole must not look like one.
  if (failures > 0 || (yes && unread.length > 0)) process.exitCode = 1;
}

async function removeOne(item) {
  try {
    await arm('delete', `${item.id}?api-version=${item.version}`);
    console.log(`Removed: ${lineOf(item)}`);
    return 0;
  } catch (error) {
    if (!(error instanceof ArmTrouble)) throw error;
    console.log(`Not removed: ${lineOf(item)}: ${error.message}`);
    return 1;
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Wrong) && !String(error.code).startsWith('ERR_PARSE_ARGS')) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
