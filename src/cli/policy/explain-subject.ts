import { describeError, isStorageError } from '../../base/errors';
import { CliError, type CliHost } from '../cli-host';
import { type ExtraTags, type FileFacts, factsFromFile } from '../facts/connection-file';
import { findConnections, type FoundConnection, type Subject, subjectFrom } from '../facts/find-connection';
import { type AzureHost, readConnection } from '../facts/read-live-facts';
import type { LoadedPolicy } from '../load-policy';
import type { RecordsHost } from '../show/connection-records';

/** What is explained: facts, or several connections that the subject names. */
export type SubjectReading =
  | (FileFacts & { readonly kind: 'facts'; readonly isLive: boolean; readonly notes: readonly string[] })
  | { readonly kind: 'several'; readonly found: readonly FoundConnection[] };

/**
 * Reads what `explain` was asked about: a file, or a connection in Azure.
 * @throws CliError if there is no such thing; ArmError
 */
export async function readSubject(
  host: CliHost & AzureHost & RecordsHost,
  argument: string,
  {
    loaded,
    firstSeen,
    tags,
  }: { readonly loaded: LoadedPolicy; readonly firstSeen: Date; readonly tags: ExtraTags },
): Promise<SubjectReading> {
  const subject = await subjectOrText(host, argument);
  if (subject.kind === 'text') {
    const file = { path: argument, text: subject.text };
    return { kind: 'facts', isLive: false, notes: [], ...factsFromFile(file, { firstSeen }, tags) };
  }
  const live = host.live();
  const found = subject.kind === 'connection' ? [] : await findConnections(host, live, subject);
  const [only, ...others] = found;
  if (others.length > 0) return { kind: 'several', found };
  const id = subject.kind === 'connection' ? subject.id : only?.id;
  if (id === undefined) throw new CliError(`nothing in Azure is called ${JSON.stringify(argument)}`);
  const { reads, microsoftTenants } = loaded.policy;
  const facts = await readConnection(live, id.id, { firstSeen, reads, microsoftTenants });
  return { kind: 'facts', isLive: true, facts, madeUp: [], notes: await policyNotes(host, loaded) };
}

/** Takes an argument as the name of a connection, unless there is a file of that name. */
async function subjectOrText(
  host: CliHost,
  argument: string,
): Promise<Subject | { readonly kind: 'text'; readonly text: string }> {
  const subject = subjectFrom(argument);
  if (subject !== undefined && subject.kind !== 'names') return subject;
  try {
    return { kind: 'text', text: await host.readText(argument) };
  } catch (error) {
    if (!(error instanceof CliError) || subject === undefined || /\.(?:ya?ml|jsonl?)$/i.test(argument))
      throw error;
    return subject;
  }
}

/** Says whether the app decides by another policy than the one that explains. */
async function policyNotes(
  { records }: RecordsHost,
  { policy, path }: LoadedPolicy,
): Promise<readonly string[]> {
  try {
    const digest = await records?.()?.policyDigest();
    if (digest === undefined || digest === policy.digest) return [];
    return [
      `the app decides by another policy, ${digest.slice(0, 12)}; this is ${path}, ${policy.digest.slice(0, 12)}: pass --policy, or set POLICY_PATH as the app has it`,
    ];
  } catch (error) {
    if (!isStorageError(error)) throw error;
    return [`it is not known which policy the app decides by: ${describeError(error)}`];
  }
}
