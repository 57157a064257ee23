import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { consoleText, ruleConsoles } from './people/people';
import { revocationsPerReview } from './plan/draw-connections';
import { announcementsOf } from './plan/partners';
import type { ChaosPlan } from './plan/plan';

/**
 * The duration of a contractor's approval: long enough to be observed, short enough to end within the run.
 */
export const approvalSeconds = 20;

/**
 * Writes the policy of a run to a folder: the fixed rules, who may answer, the rule for timed approvals, and limits that
 * allow every revocation of the plan, but not the ends of approvals at the same time.
 */
export async function writePolicy(from: string, folder: string, plan: ChaosPlan): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'chaos.yaml'), withAnswers(await readFile(join(from, 'chaos.yaml'), 'utf8')));
  await writeFile(join(folder, 'guards.yaml'), guardsOf(plan));
  const { path, text } = announcementsOf(plan.connections);
  await writeFile(join(folder, path), text);
}

/** Adds what the rules that hold say about answers. @throws Error if the policy has no such rule any more */
function withAnswers(text: string): string {
  return Object.entries(ruleConsoles).reduce((changed, [rule, says]) => {
    const head = `  - name: ${rule}\n`;
    if (!changed.includes(head)) throw new Error(`The policy has no rule ${rule} any more`);
    return changed.replace(head, `${head}    console: ${says}\n`);
  }, text);
}

export function guardsOf(plan: ChaosPlan): string {
  const perHour = Math.min(500, Math.ceil(1.5 * revocationsOf(plan)) + 5);
  return `version: 1
${consoleText()}limits:
  revocations: { perHour: ${perHour}, perReview: ${revocationsPerReview} }
rules:
  - name: contractors
    effect: approve
    when: endpoint.subscriptionId in lists.contractors && target.tags.env == "prod"
    reason: A contractor, for a while
    approvals: { expireAfter: ${approvalSeconds}s }
`;
}

/**
 * Returns how many approvals are to be taken away: at the start, and after each foreign approval.
 */
function revocationsOf({ connections, foreignActions }: ChaosPlan): number {
  const approved = new Set(
    foreignActions.flatMap(({ kind, endpointId }) => (kind === 'approve' ? [endpointId] : [])),
  );
  return connections
    .filter(({ expectedEffects: { Approved: effect } }) => effect === 'reject' || effect === 'delete')
    .reduce((sum, { start, endpointId, approvedAgain }) => {
      const first = start === 'Approved' || approved.has(endpointId) ? 1 : 0;
      return sum + first + approvedAgain;
    }, 0);
}
