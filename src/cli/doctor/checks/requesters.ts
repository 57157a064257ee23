import { parseEndpointId, type EndpointId } from '../../../connections/resource-id';
import { PosternError } from '../../../base/errors';
import { notChecked, type Check, type CheckRun } from '../check';
import { missingActions } from './effective-actions';
import { forEachSome, type Examination } from '../examination';
import { ok, warning } from '../finding';

/** Whether the policy's facts about endpoints can be read; what cannot be read holds the connection. */
export function requestersCheck(examination: Examination): Check {
  return {
    name: 'requesters',
    title: 'Rights on the requesters’ side',
    async run(run) {
      const load = await examination.sources.policy().source.current();
      if (load.kind === 'loaded' && !load.policy.reads.endpoint) {
        run.report(ok('endpoints', 'the policy reads no fact that must be read from endpoints'));
        return;
      }
      const endpoints = await oneForEachSubscription(examination, run);
      if (endpoints.length === 0) {
        run.report(ok('endpoints', 'none was ever seen, so that nothing can be asked about'));
        return;
      }
      await checkEndpoints(examination, endpoints, run);
    },
  };
}

const mostSubscriptions = 50;

/** The first endpoint that Postern has seen of each subscription. */
async function oneForEachSubscription(
  { sources, targets }: Examination,
  { signal }: CheckRun,
): Promise<readonly EndpointId[]> {
  const { operations } = sources.records();
  const found = new Map<string, EndpointId>();
  await forEachSome((await targets()).targets, signal, async (target) => {
    for (const { endpointKey } of (await operations.load(target)).connectionStates) {
      const endpoint = endpointFrom(endpointKey);
      const subscription = endpoint?.subscriptionId.toLowerCase();
      if (endpoint === undefined || subscription === undefined || found.has(subscription)) continue;
      if (found.size < mostSubscriptions) found.set(subscription, endpoint);
    }
  });
  return [...found.values()];
}

/** A sighting keeps what ARM named, whatever that is. */
function endpointFrom(text: string): EndpointId | undefined {
  try {
    return parseEndpointId(text);
  } catch (error) {
    if (error instanceof PosternError) return undefined;
    throw error;
  }
}

async function checkEndpoints(
  { sources }: Examination,
  endpoints: readonly EndpointId[],
  { report, signal }: CheckRun,
): Promise<void> {
  const { permissions, needed } = sources.arm();
  let allRight = 0;
  await forEachSome(endpoints, signal, async ({ id, subscriptionId }) => {
    try {
      const missing = missingActions(needed.onEndpoint, await permissions.permissionsOn(id));
      if (missing.length === 0) allRight += 1;
      else report(warning(subscriptionId, `the identity lacks ${missing.join(', ')} on its endpoints`, fix));
    } catch (error) {
      report(notChecked(subscriptionId, error));
    }
  });
  if (allRight > 0) report(ok('endpoints', `can be read in ${allRight} of the requesters’ subscriptions`));
}

const fix = 'assign the reader role there, or rules that read tags or networks of endpoints hold';
