import { notChecked, type Check } from '../check';
import type { Examination } from '../examination';
import { ok, problem, type Finding } from '../finding';
import type { SentVersion } from '../sources';

/** Creates the check whether this cloud supports the API versions that Postern uses. */
export function versionsCheck(examination: Examination): Check {
  return {
    name: 'versions',
    title: 'API versions',
    async run({ report }) {
      const { versions } = examination.sources.arm();
      const subscriptionId = await anySubscription(examination);
      if (subscriptionId === undefined) {
        report(ok('api-versions', 'not checked, because no subscription is visible'));
        return;
      }
      const sent = await versions.sent();
      for (const namespace of new Set(sent.map(({ type }) => namespaceIn(type)))) {
        try {
          const known = await versions.versionsOf(subscriptionId, namespace);
          judgeVersions(namespace, sent, known).forEach(report);
        } catch (error) {
          report(notChecked(namespace, error));
        }
      }
    },
  };
}

/**
 * Returns any visible subscription: the supported API versions are the same in all subscriptions of
 * a cloud.
 */
async function anySubscription({ subscriptions, targets }: Examination): Promise<string | undefined> {
  return subscriptions[0] ?? (await targets()).targets[0]?.subscriptionId;
}

function namespaceIn(type: string): string {
  return type.slice(0, type.indexOf('/'));
}

/**
 * Compares the API versions of one namespace. A resource type that this cloud does not have is no
 * problem.
 */
export function judgeVersions(
  namespace: string,
  sent: readonly SentVersion[],
  known: ReadonlyMap<string, readonly string[]>,
): readonly Finding[] {
  const inNamespace = sent.filter(({ type }) => namespaceIn(type) === namespace);
  const unknown = inNamespace.flatMap(({ type, apiVersion }): Finding[] => {
    const here = known.get(type.toLowerCase()) ?? [];
    if (here.length === 0 || here.includes(apiVersion)) return [];
    const fix = `set API_VERSIONS to ${type}=${newestOf(here)}, which this cloud supports`;
    return [problem(type, `this cloud does not support the API version ${apiVersion}`, fix)];
  });
  if (unknown.length > 0) return unknown;
  const versions = [...new Set(inNamespace.map(({ apiVersion }) => apiVersion))].join(', ');
  return [ok(namespace, `this cloud supports ${versions}`)];
}

/** Returns the newest stable version; the newest preview if there is no stable one. */
function newestOf(versions: readonly string[]): string {
  const stable = versions.filter((version) => /^\d{4}-\d{2}-\d{2}$/.test(version));
  return [...(stable.length > 0 ? stable : versions)].sort().at(-1) ?? '';
}
