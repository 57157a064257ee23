// Azure Resource Manager through the Azure CLI: whoever is signed in there asks.
import { askAz, harmless, reasonIn } from '../az.mjs';

export const versions = {
  subscriptions: '2022-12-01',
  authorization: '2022-04-01',
  eventGrid: '2025-02-15',
  groups: '2021-04-01',
  identities: '2023-01-31',
  managementGroups: '2020-05-01',
  policies: '2021-06-01',
  metricAlerts: '2018-03-01',
};
/** A list that goes on beyond this many pages is a loop. */
const mostPages = 100;

export class ArmTrouble extends Error {}

/** One answer of ARM, `undefined` when it has no body. @throws ArmTrouble with the reason, in one line. */
export async function arm(method, url) {
  const reply = await askAz([
    'rest',
    '--method',
    method,
    '--url',
    url,
    '--only-show-errors',
    '--output',
    'json',
  ]);
  if (reply.code !== 0) throw new ArmTrouble(reasonIn(reply.stderr));
  if (reply.stdout.trim() === '') return undefined;
  try {
    return JSON.parse(reply.stdout);
  } catch {
    throw new ArmTrouble(`ARM answered what is no JSON: ${harmless(reply.stdout)}`);
  }
}

/** All pages of a list. @throws ArmTrouble */
export async function listOf(path, version) {
  const items = [];
  let url = `${path}${path.includes('?') ? '&' : '?'}api-version=${version}`;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await arm('get', url);
    items.push(...(page?.value ?? []));
    url = page?.nextLink;
    if (!url) return items;
  }
  throw new ArmTrouble(`The list goes on beyond ${mostPages} pages`);
}

/**
 * One thing that the deployment owns. `order`: what must go first. `wanted`: whether a list still asks for it. `keep`: why it
 * stays in any case.
 */
export function itemOf(kind, { id }, { order, version, wanted = true, note, keep, principalId }) {
  return { kind, id, order, version, wanted, note: note && harmless(note), keep, principalId };
}

/** Whether a value names an id anywhere: compared as ARM does, without case. */
export function names(value, id) {
  return JSON.stringify(value ?? null)
    .toLowerCase()
    .includes(id.toLowerCase());
}
