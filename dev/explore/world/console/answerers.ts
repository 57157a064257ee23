import type { Attempt, Looked } from '../../judge/answers/attempt';
import type { Random } from '../../../azure/model/random';
import type { RunningWorld } from '../running-world';
import type { ApiCall, ApiReply, CallApi } from './client';
import type { PlannedAnswer, PlannedOperation } from './draw-answers';
import { olga } from './people';

export interface AnswererParts {
  readonly world: RunningWorld;
  readonly call: CallApi;
  readonly random: Random;
}

/** How often a person tries what fails, and how long they wait before that. */
const patience = 8;
const waitSeconds = 30;

/** The part of a connection's page that people go by. */
interface View {
  readonly connection: { readonly id: string; readonly status: string };
  readonly endpoint?: { readonly id: string } | undefined;
  readonly decisionId?: string | undefined;
  readonly seen: string;
  readonly policyDigest: string;
  readonly may: Readonly<Record<string, { readonly ok?: true }>>;
}

/** A page as somebody saw it. */
interface Page {
  readonly view: View;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Lets people answer in the console at their times, and an operator retry and lift. */
export function startAnswerers(parts: AnswererParts): { pending(): number } {
  const { plan, scheduler } = parts.world;
  let left = 0;
  const later = (seconds: number, work: () => Promise<void>): void => {
    left += 1;
    scheduler.at(seconds * 1000, () => void work().finally(() => (left -= 1)));
  };
  for (const planned of plan.console?.answers ?? []) later(planned.atSeconds, () => answer(parts, planned));
  for (const each of plan.console?.operations ?? []) later(each.atSeconds, () => operate(parts, each));
  return { pending: () => left };
}

function sleep({ world: { scheduler } }: AnswererParts, seconds: number): Promise<void> {
  return new Promise((resolve) => void scheduler.at(seconds * 1000, resolve));
}

/** Looks at a connection until it can be answered, thinks, and answers. */
async function answer(parts: AnswererParts, planned: PlannedAnswer): Promise<void> {
  if (parts.random.next() < 0.4) await browse(parts, planned);
  for (let tries = 0; tries < patience; tries += 1) {
    const page = await look(parts, planned);
    const isReady = page !== undefined && (planned.isStubborn || page.view.may[planned.effect]?.ok === true);
    if (isReady && page.view.decisionId !== undefined) {
      await sleep(parts, planned.thinkSeconds);
      return giveAll(parts, planned, page);
    }
    await sleep(parts, waitSeconds * (tries + 1));
  }
}

/** Reads what else the console shows. */
async function browse({ call }: AnswererParts, { person }: PlannedAnswer): Promise<void> {
  await call(person, { path: 'api/me' });
  await call(person, { path: 'api/open', query: { state: 'held' } });
  await call(person, { path: 'api/recent' });
}

async function look(
  { world, call }: AnswererParts,
  { endpointId, person }: PlannedAnswer,
): Promise<Page | undefined> {
  const id = world.recorder.connectionOf(endpointId);
  if (id === undefined) return undefined;
  const fromMs = world.scheduler.nowMs();
  const reply = await call(person, { path: 'api/connection', query: { id } });
  if (reply?.status !== 200) return undefined;
  return { view: reply.body as View, fromMs, untilMs: world.scheduler.nowMs() };
}

/** Sends an answer, as often at once as planned; and another one if the page has changed meanwhile. */
async function giveAll(parts: AnswererParts, planned: PlannedAnswer, page: Page): Promise<void> {
  const { scheduler } = parts.world;
  const attempt = attemptOf(planned, page, scheduler.nowMs());
  const fromMs = scheduler.nowMs();
  const replies = await Promise.all(Array.from({ length: planned.times }, () => give(parts, attempt, page)));
  if (replies.some((reply) => reply?.status === 202)) return afterwards(parts, planned, attempt);
  const stale = replies.find((reply) => reply?.status === 409)?.body as { readonly view?: View } | undefined;
  const { view } = stale ?? {};
  if (view?.decisionId === undefined || !planned.persists || attempt.looked.decisionId === view.decisionId)
    return;
  const next = { ...planned, persists: false };
  await giveAll(parts, next, { view, fromMs, untilMs: scheduler.nowMs() });
}

function attemptOf(
  { person, effect, reason, endsAfterMinutes }: PlannedAnswer,
  { view, fromMs, untilMs }: Page,
  nowMs: number,
): Attempt {
  const looked: Looked = {
    decisionId: view.decisionId ?? '',
    status: view.connection.status,
    endpointId: view.endpoint?.id.toLowerCase() ?? '',
    policyDigest: view.policyDigest,
    fromMs,
    untilMs,
  };
  const endsMs = endsAfterMinutes === undefined ? undefined : Math.floor(nowMs + endsAfterMinutes * 60_000);
  return { person, connection: view.connection.id.toLowerCase(), effect, reason, looked, endsMs };
}

/** Sends an answer until there is a reply. */
async function give(parts: AnswererParts, attempt: Attempt, { view }: Page): Promise<ApiReply | undefined> {
  const { judge } = parts.world;
  const { person, effect, reason, looked, endsMs } = attempt;
  const body = {
    id: view.connection.id,
    decisionId: looked.decisionId,
    seen: view.seen,
    effect,
    reason,
    confirm: true,
    ...(endsMs === undefined ? {} : { until: new Date(endsMs).toISOString() }),
  };
  judge.answers.onSent(attempt);
  const reply = await persistently(parts, () => parts.call(person, { path: 'api/answer', body }));
  if (reply?.status === 202) judge.answers.onAccepted(attempt);
  return reply;
}

/** Takes an answer back, if that is planned. */
async function afterwards(parts: AnswererParts, planned: PlannedAnswer, attempt: Attempt): Promise<void> {
  const { world, call, random } = parts;
  const { person, withdrawAfterSeconds } = planned;
  const id = world.recorder.connectionOf(planned.endpointId) ?? '';
  if (random.next() < 0.3) await call(person, { path: 'api/history', query: { id } });
  if (withdrawAfterSeconds === undefined) return;
  await sleep(parts, withdrawAfterSeconds);
  const body = { id, decisionId: attempt.looked.decisionId };
  const askedMs = world.scheduler.nowMs();
  const reply = await persistently(parts, () => call(person, { path: 'api/withdraw', body }));
  if (reply?.status === 202) world.judge.answers.onTakenBack(attempt, askedMs);
}

/** Calls again while no reply comes, or only one that something is away. */
async function persistently(
  parts: AnswererParts,
  work: () => Promise<ApiReply | undefined>,
): Promise<ApiReply | undefined> {
  for (let tries = 1; ; tries += 1) {
    const reply = await work();
    const isPassing = reply === undefined || reply.status === 503 || reply.status === 429;
    if (!isPassing || tries === patience) return reply;
    await sleep(parts, waitSeconds * tries);
  }
}

/** Retries what was given up on each target, or lifts every limit. */
async function operate(parts: AnswererParts, { kind }: PlannedOperation): Promise<void> {
  const { plan, judge } = parts.world;
  const send = async (call: ApiCall): Promise<void> =>
    void (await persistently(parts, () => parts.call(olga, call)));
  if (kind === 'retry') {
    for (const { id } of plan.targets) await send({ path: 'api/retry', body: { id } });
    return;
  }
  for (const each of ['rejects', 'deletes', 'revocations']) {
    judge.onLift();
    await send({ path: 'api/lift', body: { kind: each } });
    judge.onLift();
  }
}
