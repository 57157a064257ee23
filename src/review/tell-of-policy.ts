import type { AuditLog } from '../audit/audit-log';
import { harmless } from '../audit/harmless';
import type { Clock } from '../clock';
import type { Logger } from '../logger';
import type { PolicyProblem } from '../policy/policy';

/** A version of the policy that did not load. */
export interface BadPolicy {
  readonly digest: string;
  readonly problems: readonly PolicyProblem[];
}

export interface TellOptions {
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

const meanings = {
  suspended: 'Nothing is decided: the policy did not load',
  refused: 'The policy before it stays: a newer version did not load',
} as const;

/** One record for each version that did not load, with its first problem. */
export async function tellOfPolicy(
  { audit, clock, logger }: TellOptions,
  kind: keyof typeof meanings,
  { digest: policyDigest, problems }: BadPolicy,
): Promise<void> {
  const [first] = problems;
  const place = `${first?.path}:${first?.line}:${first?.column} ${first?.message}`;
  const reason = harmless(`${meanings[kind]} (${problems.length} problems): ${place}`);
  logger.error(reason);
  const at = clock.now().toISOString();
  await audit.record([
    { version: 1, id: `${policyDigest}|${kind}`, kind, at, target: '', reason, policyDigest },
  ]);
}
