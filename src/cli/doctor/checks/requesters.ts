import { noReads } from '../../../policy/cel/costly-reads';
import { parseEndpointId, type EndpointId } from '../../../connections/resource-id';
import { PosternError } from '../../../base/errors';
import { counted } from '../../output';
import { notChecked, type Check, type CheckRun } from '../check';
import { missingActions } from './effective-actions';
import { forEachSome, type Examination } from '../examination';
import { ok, warning } from '../finding';

/**
 * Creates the check whether endpoints and their subscriptions can be read, if the policy needs their
 * facts. Unreadable facts hold the connection.
 */
export function requestersCheck(examination: Examination): Check {
  return {
    name: 'requesters',
    title: 'Permissions on endpoints',
    async run(run) {
      const load = await examination.sources.policy().source.current();
      const reads = load.kind === 'loaded' ? load.policy.reads : { ...noReads, endpoint: true };
      if (!reads.endpoint && !reads.requester) {
        run.report(
          ok('endpoints', 'the policy uses no fact that must be read from endpoints or their subscriptions'),
        );
        return;
      }
      const endpoints = await oneForEachSubscription(examination, run);
      if (endpoints.length === 0) {
        run.report(ok('endpoints', 'Postern has not seen an endpoint yet, so there is nothing to check'));
        return;
      }
      const { needed } = examination.sources.arm();
      const actions = [
        ...(reads.endpoint ? needed.onEndpoint : []),
        ...(reads.network ? needed.onNetwork : []),
        ...(reads.subscriptions ? needed.onRequester : []),
        ...(reads.requester ? needed.onManagedEndpoints : []),
      ];
      await checkEndpoints(examination, { endpoints, actions }, run);
    },
  };
}

const mostSubscriptions = 50;

/** Returns one endpoint of each subscription in which Postern has seen one. */
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

/** Parses an endpoint's id. The row contains the text from ARM, which may be anything. */
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
  { endpoints, actions }: { endpoints: readonly EndpointId[]; actions: readonly string[] },
  { report, signal }: CheckRun,
): Promise<void> {
  const { permissions } = sources.arm();
  let allRight = 0;
  await forEachSome(endpoints, signal, async ({ id, subscriptionId }) => {
    try {
      const missing = missingActions(actions, await permissions.permissionsOn(id));
      if (missing.length === 0) allRight += 1;
      else report(warning(subscriptionId, `the identity lacks ${missing.join(', ')}`, fix));
    } catch (error) {
      report(notChecked(subscriptionId, error));
    }
  });
  if (allRight > 0) report(ok('endpoints', `can be read in ${counted(allRight, 'subscription')}`));
}

const fix =
  'assign the reader role there; without it, rules that read tags, networks or management groups of requesters hold';
