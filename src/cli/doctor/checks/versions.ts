import { notChecked, type Check } from '../check';
import type { Examination } from '../examination';
import { ok, problem, type Finding } from '../finding';
import type { VersionReading } from '../sources';

/** Whether the cloud knows the api-versions that requests are made with: another one may be behind. */
export function versionsCheck(examination: Examination): Check {
  return {
    name: 'versions',
    title: 'Api-versions',
    async run({ report }) {
      const { versions } = examination.sources.arm();
      const subscriptionId = await anySubscription(examination);
      if (subscriptionId === undefined) {
        report(ok('api-versions', 'no subscription can be seen in which to ask for those that are known'));
        return;
      }
      for (const namespace of new Set(versions.sent.map(({ type }) => namespaceIn(type)))) {
        try {
          const known = await versions.versionsOf(subscriptionId, namespace);
          judgeVersions(namespace, versions.sent, known).forEach(report);
        } catch (error) {
          report(notChecked(namespace, error));
        }
      }
    },
  };
}

/** Clouds differ, and subscriptions of one do not. */
async function anySubscription({ subscriptions, targets }: Examination): Promise<string | undefined> {
  return subscriptions[0] ?? (await targets()).targets[0]?.subscriptionId;
}

function namespaceIn(type: string): string {
  return type.slice(0, type.indexOf('/'));
}

/** A type that this cloud does not have at all is no trouble: there is none to be asked about. */
export function judgeVersions(
  namespace: string,
  sent: VersionReading['sent'],
  known: ReadonlyMap<string, readonly string[]>,
): readonly Finding[] {
  const asked = sent.filter(({ type }) => namespaceIn(type) === namespace);
  const unknown = asked.flatMap(({ type, apiVersion }): Finding[] => {
    const here = known.get(type.toLowerCase()) ?? [];
    if (here.length === 0 || here.includes(apiVersion)) return [];
    const fix = `set API_VERSIONS to ${type}=${newestOf(here)}, which it knows`;
    return [problem(type, `this cloud does not know the api-version ${apiVersion}`, fix)];
  });
  if (unknown.length > 0) return unknown;
  const reported = [...new Set(asked.map(({ apiVersion }) => apiVersion))].join(', ');
  return [ok(namespace, `${reported} is known here`)];
}

/** The newest stable one; a preview only where there is nothing else. */
function newestOf(versions: readonly string[]): string {
  const stable = versions.filter((version) => /^\d{4}-\d{2}-\d{2}$/.test(version));
  return [...(stable.length > 0 ? stable : versions)].sort().at(-1) ?? '';
}
