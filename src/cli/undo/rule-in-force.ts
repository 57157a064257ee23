import { hasCode } from '../../base/errors';
import { outlinePolicy, type RuleOutline } from '../../policy/analysis/rule-outline';
import { loadPolicy } from '../../policy/compile-policy';
import type { WriteLimits } from '../../policy/policy';
import type { CliHost } from '../cli-host';
import { defaultPolicyPath } from '../load-policy';
import { limitsText } from '../policy/answer-text';
import type { RecordsHost } from '../show/connection-records';

/** What is known about the policy that the app decides by. */
export interface PolicyCheck {
  /** Sentences for a person, before anything is asked. */
  readonly notes: readonly string[];
  /** Why nothing may be asked; absent if it may. */
  readonly refusal?: string | undefined;
}

/**
 * Says whether a rule goes on approving, what stops it from approving again what is taken back, and which limits hold.
 * The policy is that of `path`, else of POLICY_PATH; if it is not the one that the app decides by, that is said instead.
 */
export async function checkRule(
  host: CliHost & RecordsHost,
  { rule, path }: { readonly rule: string; readonly path: string | undefined },
): Promise<PolicyCheck> {
  const policyPath = path ?? host.policyPath ?? defaultPolicyPath;
  const load = await loadFrom(host, policyPath);
  if (load?.kind !== 'loaded')
    return {
      notes: [
        `The policy at ${policyPath} could not be read, so it is not known whether ${rule} is still in it.`,
      ],
    };
  const digest = await host.records?.()?.policyDigest();
  if (digest !== undefined && digest !== load.policy.digest)
    return {
      notes: [
        `The app decides by another policy (${digest.slice(0, 12)}) than ${policyPath} (${load.policy.digest.slice(0, 12)}): pass --policy to check whether ${rule} is still in it.`,
      ],
    };
  const found = outlinePolicy(load.policy.files ?? []).rules.find(({ name }) => name === rule);
  return { notes: [...ruleNotes(rule, found), limitNote(load.policy.limits)], refusal: refusalFor(found) };
}

async function loadFrom(host: CliHost, path: string): Promise<ReturnType<typeof loadPolicy> | undefined> {
  try {
    return loadPolicy(await host.readPolicy(path));
  } catch (error) {
    if (hasCode(error, 'POLICY_INVALID')) return undefined;
    throw error;
  }
}

function ruleNotes(rule: string, found: RuleOutline | undefined): readonly string[] {
  if (found === undefined) return [`${rule} is not in the policy any more, so it approves nothing again.`];
  if (found.effect !== 'approve')
    return [`${rule} has the effect ${found.effect} now, so it approves nothing again.`];
  return [
    `${rule} is still in force. It approves new requests, also of the same requesters, until you change the policy. It does not approve these connections again: they are Rejected, or gone, by then.`,
  ];
}

function refusalFor(found: RuleOutline | undefined): string | undefined {
  if (found?.effect !== 'approve' || !found.statuses.includes('rejected')) return undefined;
  return `${found.name} approves Rejected connections, too, so it would approve them again at once: change the policy first`;
}

function limitNote({ revocations }: WriteLimits): string {
  return revocations === undefined
    ? 'The policy does not limit revocations.'
    : `Limits: ${limitsText({ revocations })}. What exceeds them waits for: postern lift revocations --yes`;
}
