import { setTimeout as sleep } from 'node:timers/promises';
import { localIdentity } from '../azure';
import { checkAnswers, checkEndings, checkFinalStates, expectedEffectAtEnd, type Evidence } from './check';
import { gather, subjectsOf, type Gathering } from './gather';
import type { Answerers } from './people/answerers';
import type { Persistent } from './persistent';

export interface Settling extends Gathering {
  /** The deadline on the monotonic clock. */
  readonly untilMs: number;
  readonly persistent: Pick<Persistent, 'pending'>;
  readonly answerers: Answerers;
  readonly print: (text: string) => void;
  /** Ends the wait early if the expected violations were found. */
  readonly isEnough: ((evidence: Evidence) => boolean) | undefined;
}

const pollEveryMs = 2_000;

/** Resolves to true when nothing is left to do, or to false at the deadline. */
export async function settle(order: Settling): Promise<boolean> {
  while (performance.now() < order.untilMs) {
    if (order.isEnough?.(await gather(order)) === true) return false;
    const left = unsettledNow(order);
    if (left === 0) {
      const evidence = await gather(order);
      const open = unfinishedCount(evidence);
      if (open === 0) return true;
      order.print(`every connection is as expected; ${open} records are missing`);
    } else {
      order.print(`${left} connections are not yet as expected`);
    }
    await sleep(pollEveryMs);
  }
  return false;
}

/** Counts connections that are not as wanted, from memory alone. */
function unsettledNow(order: Settling): number {
  const postern = localIdentity.objectId;
  const wanted = subjectsOf(order).filter(
    (subject) =>
      !['leave', 'hold', 'once', 'ours', 'maybe'].includes(expectedEffectAtEnd({ postern }, subject)),
  );
  const running = [...order.azure.world.operations.values()].filter(({ state }) => state === 'InProgress');
  return Math.max(wanted.length, running.length, order.persistent.pending(), order.answerers.pending());
}

function unfinishedCount(evidence: Evidence): number {
  return [...checkFinalStates(evidence), ...checkEndings(evidence), ...checkAnswers(evidence)].length;
}
