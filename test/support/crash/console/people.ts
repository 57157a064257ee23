import type { AuditLog } from '../../../../src/audit/audit-log';
import type { Clock } from '../../../../src/base/clock';
import type { Logger } from '../../../../src/base/logger';
import { connectionIdOf, type TargetId } from '../../../../src/connections/resource-id';
import type { AnswerEffect, ConnectionView, LimitKind } from '../../../../src/console/api';
import type { ConsoleIndex } from '../../../../src/console/index/console-index';
import { ConsoleError, type ConsoleReply } from '../../../../src/console/http/message';
import { createReadQuestion } from '../../../../src/console/question/question';
import { createReadTarget, type ReadPorts } from '../../../../src/console/question/read-target';
import { createView } from '../../../../src/console/question/view';
import { createChangeRoutes } from '../../../../src/console/routes/changes';
import { createConnectionRoute } from '../../../../src/console/routes/connection';
import { createOnePerPerson } from '../../../../src/console/routes/one-per-person';
import { createOpenRoute } from '../../../../src/console/routes/open';
import type { Person } from '../../../../src/console/sign-in/person';
import type { OperationStore } from '../../../../src/operations/operation-store';
import type { PolicySource } from '../../../../src/policy/policy';
import type { LimitStore } from '../../../../src/review/limits/limit-store';
import type { ReviewQueue } from '../../../../src/review/queue/review-request';

/** What a person does at the console: one HTTP request. */
export type Visit =
  | { readonly trigger: 'list'; readonly person: Person }
  | { readonly trigger: 'page'; readonly person: Person; readonly target: TargetId; readonly name: string }
  | {
      readonly trigger: 'answer';
      readonly person: Person;
      readonly target: TargetId;
      readonly name: string;
      readonly effect: AnswerEffect;
    }
  | {
      readonly trigger: 'withdraw';
      readonly person: Person;
      readonly target: TargetId;
      readonly name: string;
    }
  | { readonly trigger: 'lift'; readonly person: Person; readonly kind: LimitKind }
  | { readonly trigger: 'retry'; readonly person: Person; readonly target: TargetId };

/** What one process offers its visitors. */
export interface VisitPorts extends Omit<ReadPorts, 'operations'> {
  readonly operations: OperationStore;
  readonly policy: PolicySource;
  readonly limits: LimitStore;
  readonly reviews: ReviewQueue;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly index: ConsoleIndex;
}

/** The pages that people have open. They outlive every process of the app. */
export type OpenPages = Map<string, ConnectionView>;

const reason = 'CHG1234567: agreed with the owner';

/** Refusals after which trying again is of no use: the person looks at the page, and leaves it. */
const final: readonly string[] = ['STALE', 'ANSWERED', 'NOT_YOURS', 'NEVER', 'NOT_FOUND'];

/**
 * Creates the console of one process, behind its verified tokens. A visit fails if the person has to try
 * again.
 */
export function createVisits(ports: VisitPorts, pages: OpenPages): (visit: Visit) => Promise<void> {
  const readQuestion = createReadQuestion({ ...ports, readTarget: createReadTarget(ports) });
  const asking = { readQuestion, view: createView(), onePerPerson: createOnePerPerson() };
  const routes = new Map([
    ...createChangeRoutes({ ...ports, ...asking }),
    ['api/connection', createConnectionRoute(asking)] as const,
    ['api/open', createOpenRoute(ports)] as const,
  ]);
  const ask = async (path: string, person: Person, body?: object): Promise<ConsoleReply> => {
    const url = new URL(`https://postern.test/console/${path}`);
    const route = routes.get(url.pathname.replace('/console/', ''));
    if (route === undefined) throw new Error(`there is no route ${path}`);
    const bytes = Buffer.from(JSON.stringify(body ?? {}));
    return route.answer(
      { method: route.method, url, header: () => undefined, body: () => Promise.resolve(bytes) },
      person,
    );
  };
  return (visit) => leaveOnRefusal(visit, () => act(visit, { ask, pages }));
}

async function leaveOnRefusal({ trigger }: Visit, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ConsoleError)) throw error;
    const isOver = trigger === 'withdraw' && error.code === 'NOT_HELD';
    if (!isOver && !final.includes(error.code)) throw error;
  }
}

interface Browser {
  readonly ask: (path: string, person: Person, body?: object) => Promise<ConsoleReply>;
  readonly pages: OpenPages;
}

async function act(visit: Visit, { ask, pages }: Browser): Promise<unknown> {
  const { person } = visit;
  if (visit.trigger === 'list') return ask('api/open?state=held', person);
  if (visit.trigger === 'lift') return ask('api/lift', person, { kind: visit.kind });
  if (visit.trigger === 'retry') return ask('api/retry', person, { id: visit.target.id });
  const { id } = connectionIdOf(visit.target, visit.name);
  const page = `${person.oid} ${id}`;
  if (visit.trigger === 'page') {
    const { body } = await ask(`api/connection?id=${encodeURIComponent(id)}`, person);
    return pages.set(page, JSON.parse(String(body)) as ConnectionView);
  }
  const { decisionId, seen } = pages.get(page) ?? {};
  // Such a page offers nothing to answer or to take back.
  if (decisionId === undefined) return undefined;
  if (visit.trigger === 'withdraw') return ask('api/withdraw', person, { id, decisionId });
  return ask('api/answer', person, { id, decisionId, seen, effect: visit.effect, reason });
}
