import type { Page } from 'playwright-core';
import { people } from '../../../dev/console/people';
import { ConsoleError } from '../../../src/console/http/message';
import { answerView, connectionId, heldView, historyItem, openItem, recentItem, ruleView } from './samples';
import { operator, type PageSuite } from './suite';

/** A screen as a person meets it, and how a test gets there. */
export interface Screen {
  readonly title: string;
  open(suite: PageSuite): Promise<Page>;
}

const name = 'pe-freeze';
const id = connectionId(name);

/** All screens, each with everything on it that it can have. */
export const screens: readonly Screen[] = [
  { title: 'sign-in, refused', open: refusedSignIn },
  ...(['#/', '#/working', '#/limited', '#/given-up', '#/recent'] as const).map((hash): Screen => ({
    title: `list ${hash}`,
    open: (suite) => list(suite, hash),
  })),
  {
    title: 'empty list',
    open: async (suite) => {
      const { page } = await suite.visit(people.viewer, '#/');
      await page.getByText('Nothing waits for a person.').waitFor();
      return page;
    },
  },
  { title: 'connection', open: connection },
  { title: 'connection that cannot be read', open: unreadable },
  { title: 'approve dialog', open: (suite) => dialog(suite, 'Approve') },
  { title: 'reject dialog with problems', open: rejectWithProblems },
  { title: 'changed', open: changed },
  { title: 'lift dialog', open: lift },
];

async function refusedSignIn(suite: PageSuite): Promise<Page> {
  const { page } = await suite.visitSignedOut();
  await page.goto(`${suite.app.url}#error=access_denied&state=other`);
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  return page;
}

async function list(suite: PageSuite, hash: string): Promise<Page> {
  const { world } = suite.app;
  world.me = {
    mode: 'audit',
    suspended: 'policy.yaml:3: unknown key',
    refused: 'policy.yaml:4: unknown key',
    lastSweepAt: '2026-03-05T09:00:00.000Z',
  };
  for (const state of ['held', 'answered', 'working', 'limited', 'given up'] as const) {
    const rows = state === 'held' ? 60 : 3;
    for (let n = 0; n < rows; n += 1)
      world.open.push(openItem(`pe-${state.replace(' ', '-')}-${n}`, { state }));
    world.open.push(openItem('pе-lookalike', { state, odd: ['letters', 'invisible', 'imitation'] }));
  }
  world.recent.push(recentItem('pe-one'), recentItem('pe-two', { by: 'Anna Approver', kind: 'failed' }));
  const { page } = await suite.visit(hash === '#/limited' ? operator : people.viewer, hash);
  await page.getByRole('table').waitFor();
  return page;
}

function prepareConnection({ app: { world } }: PageSuite): void {
  const view = heldView(name);
  world.views.set(id, {
    ...view,
    connection: { ...view.connection, odd: ['letters', 'imitation', 'invisible'] },
    requesterProof: 'the data factory adf-billing of subscription 1111',
    expected: { by: 'Bert Other', until: '2026-03-09T00:00:00.000Z' },
    unclear: 'The tags of the target could not be read.',
    reasonPattern: 'CHG[0-9]{7}',
    rules: [
      ...view.rules,
      ruleView({ rule: 'broken', outcome: 'failed', decided: false, problem: 'no such key' }),
    ],
  });
  world.history.set(
    id,
    Array.from({ length: 25 }, (_, n) =>
      historyItem({ attempt: n + 1, ...(n === 3 ? { by: 'Anna Approver' } : {}) }),
    ),
  );
}

async function connection(suite: PageSuite): Promise<Page> {
  prepareConnection(suite);
  suite.app.world.views.set(id, {
    ...suite.app.world.views.get(id)!,
    answer: answerView({ needed: 2, state: 'waits for a second person' }),
    may: {
      approve: { ok: true },
      reject: { no: 'The policy lets nobody reject here.' },
      delete: { ok: true },
    },
  });
  const { page } = await suite.visitConnection(people.approver, name);
  for (const fold of ['1 rule did not match', '1 rule is for another status'])
    await page.getByText(fold).click();
  await page.getByRole('button', { name: 'Older records' }).waitFor();
  return page;
}

async function unreadable(suite: PageSuite): Promise<Page> {
  suite.app.world.onCall = (path) => {
    if (path.endsWith('connection'))
      throw new ConsoleError('UNAVAILABLE', 'Azure does not answer at present.');
  };
  const { page } = await suite.visitConnection(people.approver, name);
  await page.getByRole('alert').waitFor();
  return page;
}

async function dialog(suite: PageSuite, verb: string): Promise<Page> {
  prepareConnection(suite);
  const { page } = await suite.visitConnection(people.approver, name);
  await page.getByRole('button', { name: `${verb} …` }).click();
  await page.getByRole('dialog').waitFor();
  return page;
}

async function rejectWithProblems(suite: PageSuite): Promise<Page> {
  const page = await dialog(suite, 'Reject');
  await page.getByRole('button', { name: 'Reject', exact: true }).click();
  await page.getByText('Confirm that you know this.').waitFor();
  return page;
}

async function changed(suite: PageSuite): Promise<Page> {
  const page = await dialog(suite, 'Approve');
  await page.getByLabel('Reason').fill('Agreed with the owner of the vault.');
  suite.app.world.views.set(id, heldView(name, { decisionId: 'd-2', seen: 's-2', inLists: [] }));
  await page.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByRole('region', { name: 'It has changed since you looked' }).waitFor();
  return page;
}

async function lift(suite: PageSuite): Promise<Page> {
  const { page } = await suite.visit(operator, '#/limited');
  await page.getByRole('button', { name: 'Lift the limit on rejections' }).click();
  await page.getByRole('dialog').waitFor();
  return page;
}
