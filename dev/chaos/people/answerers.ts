import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionView } from '../../../src/console/api';
import type { LocalAzure } from '../../azure';
import { findEndpoint } from '../../azure/model/world';
import type { PlannedConnection } from '../plan/draw-connections';
import type { Recorder } from '../recorder';
import { requestConnection } from '../requester';
import type { Attempt, Retagging } from './attempt';
import type { ApiReply, CallApi } from './client';
import type { PlannedAnswer } from './draw-answers';

/** The people of a run who answer in the console. */
export interface Answerers {
  /** What they have sent. */
  readonly attempts: readonly Attempt[];
  readonly retaggings: readonly Retagging[];
  /** How often each code came as a reply to an answer. */
  readonly replies: Readonly<Record<string, number>>;
  /** Returns how many of them have not finished. */
  pending(): number;
  /** Resolves when everybody has finished or given up. @throws what one of them did not expect. */
  stop(): Promise<void>;
}

export interface AnswerersOrder {
  readonly answers: readonly PlannedAnswer[];
  readonly connections: readonly PlannedConnection[];
  readonly azure: LocalAzure;
  readonly recorder: Pick<Recorder, 'connectionOf'>;
  readonly call: CallApi;
}

interface Page {
  readonly view: ConnectionView;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** How often a person looks whether they can answer, and how long they wait in between. */
const mostLooks = 12;
const lookEveryMs = 1_500;

/** Lets people answer in the console at their times. */
export function startAnswerers(order: AnswerersOrder): Answerers {
  const started = performance.now();
  const parts: Parts = { ...order, attempts: [], retaggings: [], replies: {}, isStopped: false };
  let left = order.answers.length;
  const running = order.answers.map(async (planned) => {
    await sleep(Math.max(0, started + planned.atSeconds * 1000 - performance.now()));
    try {
      await answer(parts, planned);
    } finally {
      left -= 1;
    }
  });
  const all = Promise.allSettled(running);
  return {
    attempts: parts.attempts,
    retaggings: parts.retaggings,
    replies: parts.replies,
    pending: () => left,
    stop: async () => {
      parts.isStopped = true;
      for (const each of await all) if (each.status === 'rejected') throw each.reason;
    },
  };
}

interface Parts extends AnswerersOrder {
  readonly attempts: Attempt[];
  readonly retaggings: Retagging[];
  readonly replies: Record<string, number>;
  isStopped: boolean;
}

/** Looks at a connection until it can be answered, thinks, answers, and may take the answer back. */
async function answer(parts: Parts, planned: PlannedAnswer): Promise<void> {
  for (let looks = 0; looks < mostLooks && !parts.isStopped; looks += 1) {
    const page = await look(parts, planned);
    const { view } = page ?? {};
    const isReady = view !== undefined && (planned.isStubborn || 'ok' in view.may[planned.effect]);
    if (page !== undefined && isReady && page.view.decisionId !== undefined) {
      await Promise.all([sleep(planned.thinkSeconds * 1000), trick(parts, planned)]);
      return give(parts, planned, page);
    }
    await sleep(lookEveryMs);
  }
}

async function look(parts: Parts, { endpointId, person }: PlannedAnswer): Promise<Page | undefined> {
  const id = parts.recorder.connectionOf(endpointId);
  if (id === undefined) return undefined;
  const fromMs = Date.now();
  const reply = await parts.call(person, { path: 'api/connection', query: { id } });
  if (reply?.status !== 200) return undefined;
  return { view: reply.body as ConnectionView, fromMs, untilMs: Date.now() };
}

/** Lets the requester change its endpoint's tags while somebody looks at the request. */
async function trick(parts: Parts, { endpointId, tagsAfterSeconds }: PlannedAnswer): Promise<void> {
  const planned = parts.connections.find((each) => each.endpointId === endpointId);
  if (tagsAfterSeconds === undefined || planned === undefined) return;
  await sleep(tagsAfterSeconds * 1000);
  const endpoint = findEndpoint(parts.azure.world, endpointId);
  if (endpoint === undefined || endpoint.provisioningState === 'Deleting') return;
  const tags = { ...planned.tags, quarantine: `for good, ${Date.now()}` };
  await requestConnection(parts.azure, { ...planned, tags });
  parts.retaggings.push({ endpointId, atMs: Date.now() });
}

async function give(parts: Parts, planned: PlannedAnswer, page: Page): Promise<void> {
  const { person, effect, reason, times, withdrawsAfterSeconds } = planned;
  const { view, fromMs, untilMs } = page;
  const { connection, decisionId = '', seen } = view;
  const attempt: Attempt = {
    ...{ person, effect, reason, decisionId, connection: connection.id },
    ...{ lookedFromMs: fromMs, lookedUntilMs: untilMs, sentMs: Date.now() },
  };
  parts.attempts.push(attempt);
  const body = { id: connection.id, decisionId, seen, effect, reason, confirm: true };
  const send = (): Promise<ApiReply | undefined> => parts.call(person, { path: 'api/answer', body });
  const replies = await Promise.all(Array.from({ length: times }, send));
  for (const each of replies) note(parts, each);
  const isTaken = replies.some((reply) => reply?.status === 202);
  if (isTaken || replies.every((reply) => reply !== undefined))
    attempt.outcome = isTaken ? 'taken' : 'refused';
  if (!isTaken || withdrawsAfterSeconds === undefined) return;
  await sleep(withdrawsAfterSeconds * 1000);
  const taken = { id: connection.id, decisionId };
  const reply = await parts.call(person, { path: 'api/withdraw', body: taken });
  if (reply?.status === 202) attempt.withdrawnMs = Date.now();
}

/** Counts a reply to an answer. @throws Error if it is one that no reply may be. */
function note({ replies }: Parts, reply: ApiReply | undefined): void {
  const { code = 'taken' } = (reply?.body ?? {}) as { readonly code?: string };
  const name = reply === undefined ? 'no reply' : code;
  replies[name] = (replies[name] ?? 0) + 1;
  if (reply?.status === 500) throw new Error(`The console failed: ${JSON.stringify(reply.body)}`);
}
