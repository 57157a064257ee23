import type { Random } from '../../../azure/model/random';
import type { PlannedConnection } from '../../../chaos/plan/draw-connections';
import { type AnswerEffect, type AnswerPolicy, change, drawAnswerPolicy } from './answer-policy';
import { answerers, type ConsolePerson } from './people';

/** What somebody does in the console about one connection. Times are seconds from the start. */
export interface PlannedAnswer {
  /** Its number, which its reason names. */
  readonly number: number;
  readonly endpointId: string;
  readonly person: ConsolePerson;
  readonly effect: AnswerEffect;
  readonly reason: string;
  /** When the person opens the connection's page, and for how long they look at it before they answer. */
  readonly atSeconds: number;
  readonly thinkSeconds: number;
  /** After how many minutes the approval ends; absent: never. */
  readonly endsAfterMinutes?: number | undefined;
  /** After how many seconds the person takes the answer back; absent: never. */
  readonly withdrawAfterSeconds?: number | undefined;
  /** How often the person sends the same answer at once. */
  readonly times: number;
  /** Whether the person sends an answer that the page says is not theirs to give. */
  readonly isStubborn: boolean;
  /** Whether the person answers what they are shown when it has changed. */
  readonly persists: boolean;
}

/** What an operator does in the console. */
export interface PlannedOperation {
  readonly atSeconds: number;
  readonly kind: 'retry' | 'lift';
}

/** The console of a world: who may answer, and who does what. */
export interface PlannedConsole {
  readonly policy: AnswerPolicy;
  readonly answers: readonly PlannedAnswer[];
  readonly operations: readonly PlannedOperation[];
}

export interface AnswersOrder {
  readonly connections: readonly PlannedConnection[];
  /** The names of the connections that are part of the world; what the others draw stays the same. */
  readonly kept: ReadonlySet<string>;
  /** From when there is a console: version 0.1.0 had none. */
  readonly fromSeconds: number;
  readonly spanSeconds: number;
}

/** No answer is thought about for longer than this after the last fault. */
const latestSeconds = 2 * 3600;

/** Draws a console: its policy, and what people do in it. */
export function drawConsole(random: Random, order: AnswersOrder): PlannedConsole {
  const policy = drawAnswerPolicy(random);
  const answers = order.connections.flatMap((planned, index) => {
    const drawn = answersTo(random, planned, { ...order, policy, first: index * mostAnswers });
    return order.kept.has(planned.name)
      ? drawn.filter(({ atSeconds }) => atSeconds >= order.fromSeconds)
      : [];
  });
  const operations = Array.from({ length: Math.floor(random.next() * 4) }, (): PlannedOperation => ({
    atSeconds: random.between(0, order.spanSeconds),
    kind: random.next() < 0.5 ? 'retry' : 'lift',
  }));
  return { policy, answers, operations };
}

const mostAnswers = 3;

interface OneOrder extends AnswersOrder {
  readonly policy: AnswerPolicy;
  /** The number of the first answer. */
  readonly first: number;
}

/** Draws who answers one request: mostly one that the policy holds, and often two people together. */
function answersTo(random: Random, planned: PlannedConnection, order: OneOrder): readonly PlannedAnswer[] {
  const isHeld = Object.values(planned.expectedEffects).includes('hold');
  const count = random.next() < (isHeld ? 0.95 : 0.2) ? 1 + Math.floor(random.next() * mostAnswers) : 0;
  const answers: PlannedAnswer[] = [];
  for (let each = 0; each < count; each += 1) {
    const before = answers.at(-1);
    answers.push(drawAnswer(random, planned, { ...order, number: order.first + each, before }));
  }
  return answers;
}

interface Drawing extends OneOrder {
  readonly number: number;
  readonly before: PlannedAnswer | undefined;
}

function drawAnswer(
  random: Random,
  { endpointId, arrivesAtSeconds, start }: PlannedConnection,
  { number, before, policy, spanSeconds }: Drawing,
): PlannedAnswer {
  const effect = effectOf(random, { start, before });
  const person = answerers[Math.floor(random.next() ** 1.5 * answerers.length)] ?? answerers[0]!;
  const soon = Math.min(spanSeconds, arrivesAtSeconds + 10 ** random.between(0.5, 3.8));
  const after = random.next() < 0.4 ? 0 : 10 ** random.between(0, 3.5);
  const atSeconds = before === undefined ? soon : Math.min(spanSeconds, before.atSeconds + after);
  // Most look for a minute, some go to lunch.
  const think = 10 ** (random.next() < 0.7 ? random.between(0, 1.8) : random.between(2, 4));
  const isTogether = before !== undefined && after === 0;
  const thinkSeconds = isTogether ? before.thinkSeconds + random.next() : think;
  const hasPattern = policy.reason !== undefined && random.next() < 0.9;
  return {
    number,
    endpointId,
    person,
    effect,
    reason: `${hasPattern ? `${change.text}: ` : ''}agreed with the owner, case ${number}`,
    atSeconds,
    thinkSeconds: Math.min(thinkSeconds, spanSeconds + latestSeconds - atSeconds),
    endsAfterMinutes: effect === 'approve' && random.next() < 0.25 ? random.between(11, 40) : undefined,
    withdrawAfterSeconds: random.next() < 0.3 ? 10 ** random.between(-1.5, 3) : undefined,
    times: random.next() < 0.2 ? 2 : 1,
    isStubborn: random.next() < 0.3,
    persists: random.next() < 0.6,
  };
}

function effectOf(
  random: Random,
  { start, before }: { readonly start: string; readonly before: PlannedAnswer | undefined },
): AnswerEffect {
  const chance = random.next();
  if (before !== undefined && chance < 0.7) return before.effect;
  const drawn = random.next();
  if (start === 'Disconnected') return drawn < 0.9 ? 'delete' : 'approve';
  return drawn < 0.65 ? 'approve' : drawn < 0.95 ? 'reject' : 'delete';
}
