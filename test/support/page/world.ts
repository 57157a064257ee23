import type {
  AnswerRequest,
  ConnectionView,
  HistoryItem,
  Me,
  OpenItem,
  OpenPage,
  RecentItem,
} from '../../../src/console/api';
import { sha256Hex } from '../../../src/base/digest';
import {
  ConsoleError,
  type ConsoleReply,
  type ConsoleRequest,
  jsonReply,
} from '../../../src/console/http/message';
import type { Route } from '../../../src/console/http/route';
import type { Person } from '../../../src/console/sign-in/person';
import { sampleNow } from './samples';

/** What the stand-in app knows; a test changes it at any time. */
export interface PageWorld {
  me: Partial<Me>;
  open: OpenItem[];
  recent: RecentItem[];
  readonly views: Map<string, ConnectionView>;
  readonly history: Map<string, HistoryItem[]>;
  /** Throws to refuse an answer; otherwise returns whether a second person is needed. */
  onAnswer: (request: AnswerRequest, person: Person) => 'taken' | 'waits for a second person';
  /** Throws to make every call fail. */
  onCall: (path: string, person: Person) => void;
  /** What was called: `GET api/open?state=held 304`. */
  readonly calls: string[];
  /** The bodies of calls that want something done. */
  readonly posted: { readonly path: string; readonly body: unknown; readonly by: string }[];
}

/** Creates a world in which nothing is open. */
export function createPageWorld(): PageWorld {
  return {
    me: {},
    open: [],
    recent: [],
    views: new Map(),
    history: new Map(),
    onAnswer: () => 'taken',
    onCall: () => undefined,
    calls: [],
    posted: [],
  };
}

const pageSize = 50;

/** Returns the API's routes over a world. */
export function routesOf(world: PageWorld): ReadonlyMap<string, Route> {
  const get = (role: Route['role'], read: (query: URLSearchParams, person: Person) => unknown): Route => ({
    method: 'GET',
    role,
    answer: (request, person) => {
      const { pathname, searchParams } = request.url;
      world.onCall(pathname, person);
      const reply = withEtag(request, read(searchParams, person));
      world.calls.push(`GET ${pathname.replace('/console/', '')}${request.url.search} ${reply.status}`);
      return Promise.resolve(reply);
    },
  });
  const post = (role: Route['role'], act: (body: never, person: Person) => unknown): Route => ({
    method: 'POST',
    role,
    answer: async (request, person) => {
      const path = request.url.pathname.replace('/console/', '');
      world.onCall(request.url.pathname, person);
      const body: unknown = JSON.parse(Buffer.from(await request.body()).toString('utf8'));
      world.posted.push({ path, body, by: person.name });
      return jsonReply(202, act(body as never, person));
    },
  });
  return new Map([
    ['api/me', get('any', (_query, person) => meOf(world, person))],
    ['api/open', get('Postern.Viewer', (query) => openPage(world, query))],
    ['api/recent', get('Postern.Viewer', (query) => recentPage(world, query))],
    ['api/connection', get('Postern.Viewer', (query) => viewOf(world, query.get('id') ?? ''))],
    ['api/history', get('Postern.Viewer', (query) => historyPage(world, query))],
    [
      'api/answer',
      post('Postern.Approver', (body: AnswerRequest, person) => ({ state: answer(world, body, person) })),
    ],
    ['api/withdraw', post('Postern.Approver', () => ({ state: 'done' }))],
    ['api/retry', post('Postern.Operator', () => ({ state: 'done' }))],
    ['api/lift', post('Postern.Operator', () => ({ state: 'done', released: 2 }))],
  ]);
}

function withEtag(request: ConsoleRequest, value: unknown): ConsoleReply {
  const etag = `"${sha256Hex(JSON.stringify(value)).slice(0, 16)}"`;
  return request.header('if-none-match') === etag
    ? { status: 304, headers: { etag } }
    : jsonReply(200, value, { etag });
}

function meOf({ me }: PageWorld, { oid, name, roles }: Person): Me {
  return {
    oid,
    name,
    roles: [...roles],
    mode: 'enforce',
    policyDigest: 'a'.repeat(64),
    lastSweepAt: '2026-03-05T11:50:00.000Z',
    now: sampleNow,
    ...me,
  };
}

function openPage({ open }: PageWorld, query: URLSearchParams): OpenPage {
  const state = query.get('state');
  const after = Number(query.get('after') ?? '0');
  const all = open.filter((item) => item.state === state || (state === 'held' && item.state === 'answered'));
  return {
    items: all.slice(after, after + pageSize),
    ...(after + pageSize < all.length ? { next: String(after + pageSize) } : {}),
    ...(after === 0 ? { count: { n: Math.min(all.length, 1000), more: all.length > 1000 } } : {}),
    asOf: sampleNow,
  };
}

function recentPage({ recent }: PageWorld, query: URLSearchParams) {
  const day = query.get('day') ?? sampleNow.slice(0, 10);
  return { day, items: recent.filter(({ at }) => at.startsWith(day)) };
}

function viewOf({ views }: PageWorld, id: string): ConnectionView {
  const view = views.get(id);
  if (view === undefined) throw new ConsoleError('NOT_FOUND', 'There is no such connection.');
  return view;
}

function historyPage({ history }: PageWorld, query: URLSearchParams) {
  const all = history.get(query.get('id') ?? '') ?? [];
  const after = Number(query.get('after') ?? '0');
  return {
    items: all.slice(after, after + 20),
    ...(after + 20 < all.length ? { next: String(after + 20) } : {}),
  };
}

function answer(world: PageWorld, request: AnswerRequest, person: Person) {
  const view = viewOf(world, request.id);
  if (view.decisionId !== request.decisionId || view.seen !== request.seen) {
    throw new ConsoleError('STALE', 'It has changed since you looked.', { view });
  }
  if (request.effect !== 'approve' && view.final[request.effect] && request.confirm !== true) {
    throw new ConsoleError('NOT_CONFIRMED', 'Confirm what cannot be undone.');
  }
  return world.onAnswer(request, person);
}
