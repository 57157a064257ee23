import type { AuditEvent } from './audit-event';
import type { Print } from './print';

/** Prints what happens to the policy, and errors. */
export interface PolicyLines {
  /** Prints a line if a sweep shows that another policy is in force, or that a broken version is gone. */
  onSwept(event: AuditEvent): void;
  /** Prints an error once per text, until another policy is in force. With `verbose`, every time. */
  onProblem(kind: string, text: string, functionName?: string): void;
}

/** As the app says it in its log and its records, at every review and every sweep. */
const brokenPolicy = /^(The previous policy stays in force|No decisions are made: the policy did not load)/;

/** Creates the printer. `policyDigest` is of the policy that is in force at first. */
export function createPolicyLines(
  line: Print,
  { verbose, policyDigest }: { readonly verbose: boolean; readonly policyDigest: string },
): PolicyLines {
  const printed = new Set<string>();
  let inForce = policyDigest;
  let isBroken = false;
  let wasBrokenSinceSweep = false;

  function inForceAgain({ mode = 'unknown' }: AuditEvent, digest: string): void {
    inForce = digest;
    isBroken = false;
    printed.clear();
    line('policy', digest.slice(0, 8), `is in force, in ${mode} mode`);
  }

  return {
    onSwept: (event) => {
      const isMended = isBroken && !wasBrokenSinceSweep;
      wasBrokenSinceSweep = false;
      const { policyDigest: digest } = event;
      if (digest !== undefined && (digest !== inForce || isMended)) inForceAgain(event, digest);
    },
    onProblem: (kind, text, functionName) => {
      const isPolicy = brokenPolicy.test(text);
      if (isPolicy) isBroken = wasBrokenSinceSweep = true;
      if (printed.has(text) && !verbose) return;
      printed.add(text);
      line(kind, '', isPolicy || functionName === undefined ? text : `${functionName}: ${text}`);
    },
  };
}
