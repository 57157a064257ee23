// Reads from recorded traffic how long writes took: each recording polled, so it shows when the work still went on
// (`from`) and when it had ended (`to`), in seconds after the reply to the write.

const endedWords = new Set(['succeeded', 'ready', 'completed']);
const failedWords = new Set(['failed', 'canceled', 'cancelled']);
const effects = { Approved: 'approve', Rejected: 'reject' };
const ownTypes = [
  [/keyvault/, 'Microsoft.KeyVault/vaults'],
  [/hsm/, 'Microsoft.KeyVault/managedHSMs'],
  [/apim/, 'Microsoft.ApiManagement/service'],
  [/disk_access/, 'Microsoft.Compute/diskAccesses'],
];

/** Lists the observations of the file of timings, which holds the writes of the four types with stores of their own. */
export function observationsOfTimings(timings) {
  return timings
    .filter(({ doneAtSec, ...timing }) => doneAtSec !== null && !didNothing(timing))
    .map(({ file, target, lastNotDoneAfterSec, doneAtSec }) => ({
      type: ownTypeOf(file),
      effect: effects[target],
      recorded: file.slice(0, 4),
      from: lastNotDoneAfterSec ?? 0,
      to: doneAtSec,
    }));
}

/** A disk access answers 200 with the old state if there is nothing to do. */
function didNothing({ putStatus, putBodyProvisioningState: state }) {
  return putStatus === 200 && state === 'Succeeded';
}

function ownTypeOf(file) {
  // "keyvault" also begins the names of the recordings of managed HSMs.
  const words = ownTypes.filter(([word]) => word.test(file));
  return words.find(([, type]) => type.endsWith('HSMs'))?.[1] ?? words[0][1];
}

/**
 * Lists the observations of one recording: of each write that a provider accepted as an operation and whose end the
 * reads after it show. `terminal`: the final provisioning states of the type.
 */
export function observationsOfRecording({ type, terminal, recorded, interactions }) {
  return interactions.flatMap((write, index) => {
    const effect = effectOf(write);
    if (effect === undefined || isInstant(write.response)) return [];
    const following = interactions.slice(index + 1);
    const next = following.findIndex(({ request }) => request.method !== 'GET');
    const reads = next < 0 ? following : following.slice(0, next);
    const span = spanOf(write, reads, { effect, terminal });
    return span === undefined ? [] : [{ type, effect, recorded, ...span }];
  });
}

function effectOf({ request, response }) {
  if (!/\/privateEndpointConnections\/[^/?]+(\?|$)/i.test(request.url) || response.status >= 400)
    return undefined;
  if (request.method === 'DELETE') return 'delete';
  if (request.method !== 'PUT' && request.method !== 'PATCH') return undefined;
  return effects[request.body?.properties?.privateLinkServiceConnectionState?.status];
}

function isInstant({ headers }) {
  return headers['azure-asyncoperation'] === undefined && headers.location === undefined;
}

function spanOf(write, reads, wanted) {
  let from = 0;
  for (const read of reads) {
    const at = secondsBetween(write, read);
    const progress = progressOf(write, read, wanted);
    if (progress === 'failed' || Number.isNaN(at)) return undefined;
    if (progress === 'ended') return { from: Math.min(from, at), to: at };
    if (progress === 'running') from = at;
  }
  return undefined;
}

function secondsBetween(write, read) {
  const [from, to] = [write, read].map(({ response }) => Date.parse(response.headers.date));
  return Math.round((to - from) / 1000);
}

/** Tells what one read says about the write; `undefined`: nothing. */
function progressOf(write, { request, response }, { effect, terminal }) {
  const path = (url) => url.split('?')[0].toLowerCase();
  const isConnection = path(request.url) === path(write.request.url);
  const isOperation = [write.response.headers['azure-asyncoperation'], write.response.headers.location].some(
    (url) => url !== undefined && path(url) === path(request.url),
  );
  const word = response.body?.status?.toLowerCase?.();
  if (isOperation && word !== undefined) {
    return endedWords.has(word) ? 'ended' : failedWords.has(word) ? 'failed' : 'running';
  }
  if (!isConnection) return undefined;
  if (effect === 'delete') return response.status === 404 || response.status === 204 ? 'ended' : undefined;
  const { provisioningState: state, privateLinkServiceConnectionState } = response.body?.properties ?? {};
  const isWanted = effects[privateLinkServiceConnectionState?.status] === effect;
  return isWanted && (state === undefined || state === null || terminal.includes(state))
    ? 'ended'
    : 'running';
}

/** Leaves out recordings that are more than two years older than the newest of their type: providers change. */
export function recentOnly(observations) {
  const newest = new Map();
  for (const { type, recorded } of observations) {
    newest.set(type, Math.max(newest.get(type) ?? 0, Number(recorded.slice(0, 4))));
  }
  return observations.filter(({ type, recorded }) => Number(recorded.slice(0, 4)) > newest.get(type) - 2);
}
