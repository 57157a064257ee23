import type { ConnectionView } from '../../src/console/api';

/** A change that the person has not read yet. */
export interface Change {
  readonly before: ConnectionView;
  readonly now: ConnectionView;
  /** Whether an answer to `before` was sent, and not taken. */
  readonly wasSent: boolean;
}

/**
 * What a person has looked at. An answer is bound to `looked`, never to something that came after it and that
 * they may not have read.
 */
export interface Looking {
  readonly looked: ConnectionView;
  readonly change?: Change;
}

/** Takes a newer view. If it asks another question, the person has to read what has changed first. Pure. */
export function seeNext(looking: Looking | undefined, view: ConnectionView): Looking {
  if (looking === undefined) return { looked: view };
  const { change, looked } = looking;
  if (isSameQuestion(looked, view)) return { looked: view };
  if (change !== undefined) return { looked, change: { ...change, now: view } };
  return canBeAnswered(view)
    ? { looked, change: { before: looked, now: view, wasSent: false } }
    : { looked: view };
}

/** Takes the view with which the app refused an answer to `before`. Pure. */
export function seeRefusal(before: ConnectionView, now: ConnectionView): Looking {
  return { looked: before, change: { before, now, wasSent: true } };
}

/** Takes note that the person has read what has changed. Pure. */
export function acknowledge({ looked, change }: Looking): Looking {
  return { looked: change?.now ?? looked };
}

/** Is true if an answer to one is an answer to the other. */
export function isSameQuestion(
  one: Pick<ConnectionView, 'decisionId' | 'seen'>,
  other: Pick<ConnectionView, 'decisionId' | 'seen'>,
): boolean {
  return one.decisionId === other.decisionId && one.seen === other.seen;
}

function canBeAnswered({ may }: ConnectionView): boolean {
  return Object.values(may).some((each) => 'ok' in each);
}
