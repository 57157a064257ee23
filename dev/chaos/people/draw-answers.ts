import type { AnswerEffect } from '../../../src/console/api';
import type { Random } from '../../azure/model/random';
import type { LocalPerson } from '../../console/people';
import type { PlannedConnection } from '../plan/draw-connections';
import { answerers, neededFor, pair } from './people';

/** What somebody does in the console about one connection. Times are real seconds from the start. */
export interface PlannedAnswer {
  readonly endpointId: string;
  readonly person: LocalPerson;
  readonly effect: AnswerEffect;
  /** Of no other answer. */
  readonly reason: string;
  /** When the person opens the connection's page, and how long they look at it before they answer. */
  readonly atSeconds: number;
  readonly thinkSeconds: number;
  /** When the requester changes its endpoint's tags after the person has looked; absent: it does not. */
  readonly tagsAfterSeconds?: number | undefined;
  /** After how many seconds the person takes the answer back; absent: never. */
  readonly withdrawsAfterSeconds?: number | undefined;
  /** How often the person sends the same answer at once. */
  readonly times: 1 | 2;
  /** Whether the person sends what the page says is not theirs to give. */
  readonly isStubborn: boolean;
}

export interface AnswersOrder {
  readonly connections: readonly PlannedConnection[];
  /** The share of requests that the policy holds and that people answer, from 0 to 1. */
  readonly share: number;
}

/** Draws who answers what: one person, two at the same time, or two who disagree. */
export function drawAnswers(random: Random, { connections, share }: AnswersOrder): readonly PlannedAnswer[] {
  return connections.flatMap((planned) => {
    const isHeld = planned.expectedEffects[planned.start] === 'hold';
    if (random.next() >= (isHeld ? share : share / 10)) return [];
    return answersTo(random, planned).map((answer, index) => ({
      ...answer,
      reason: `Agreed with the owner, ${planned.name}, answer ${index + 1}`,
    }));
  });
}

type Drawn = Omit<PlannedAnswer, 'reason'>;

function answersTo(random: Random, planned: PlannedConnection): readonly Drawn[] {
  const first = drawAnswer(random, planned);
  const isPair = neededFor(planned.requester) === 2 && random.next() < 0.85;
  if (isPair) return pairOf(random, first);
  if (random.next() < 0.6) return [first];
  const second = { ...drawAnswer(random, planned), atSeconds: first.atSeconds };
  // At the same time, whether they agree or not.
  return [first, random.next() < 0.5 ? { ...second, thinkSeconds: first.thinkSeconds } : second];
}

/** Lets two people agree, one soon after the other. */
function pairOf(random: Random, first: Drawn): readonly Drawn[] {
  const { withdrawsAfterSeconds, ...lasting } = first;
  const kept = random.next() < 0.7 ? lasting : { ...lasting, withdrawsAfterSeconds };
  return pair.map((person, index) => ({
    ...(index === 0 ? first : kept),
    person,
    isStubborn: false,
    thinkSeconds: first.thinkSeconds + index * random.between(0, 3),
  }));
}

function drawAnswer(random: Random, planned: PlannedConnection): Drawn {
  const { endpointId, arrivesAtSeconds, start, requester } = planned;
  const person = answerers[Math.floor(random.next() ** 1.7 * answerers.length)]!;
  // Only a rule about tags makes them a part of the question.
  const isTricked = requester === 'quarantined' && random.next() < 0.35;
  const drawn = random.next();
  const effect: AnswerEffect =
    start === 'Disconnected' ? 'delete' : drawn < 0.65 ? 'approve' : drawn < 0.95 ? 'reject' : 'delete';
  return {
    endpointId,
    person,
    effect,
    atSeconds: arrivesAtSeconds + random.between(2, 20),
    thinkSeconds: isTricked ? random.between(24, 30) : 10 ** random.between(-1, 0.9),
    tagsAfterSeconds: isTricked ? random.between(0.5, 2) : undefined,
    withdrawsAfterSeconds: random.next() < 0.25 ? 10 ** random.between(-1.5, 0.7) : undefined,
    times: random.next() < 0.25 ? 2 : 1,
    isStubborn: random.next() < 0.4,
  };
}
