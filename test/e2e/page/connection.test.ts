import { people } from '../../../dev/console/people';
import { ConsoleError } from '../../../src/console/http/message';
import { describeInBrowser } from '../../support/page/browser';
import {
  answerView,
  connectionId,
  heldView,
  historyItem,
  ruleView,
  targetId,
} from '../../support/page/samples';
import { createPageSuite, operator } from '../../support/page/suite';

const name = 'pe-freeze';
const id = connectionId(name);

/** A rejection that waits because of a limit. */
const limited = {
  effect: 'reject',
  state: 'planned',
  decisionId: 'd-2',
  attempt: 1,
  plannedAt: '2026-03-05T12:00:01.000Z',
  heldByLimit: 'rejects',
} as const;

describeInBrowser('the screen of a connection', () => {
  const suite = createPageSuite();
  beforeEach(() => {
    suite.app.world.views.set(id, heldView(name));
    suite.app.world.history.set(id, [historyItem()]);
  });

  test('it says in a sentence why the connection is held, and shows the request', async () => {
    const { page } = await suite.visitConnection(people.viewer, name);
    await page.getByText('Held for 3 days: production-wants-a-change holds it.').waitFor();
    const quote = page.getByRole('figure', { name: "The requester's own words" });
    expect(await quote.locator('blockquote bdi').textContent()).toBe('Please let the billing app in.');
    expect(
      await page.getByRole('link', { name: 'Open the target in the Azure portal' }).getAttribute('href'),
    ).toBe(`https://portal.azure.com/#resource${targetId}`);
    await page.getByText("The policy's reason: Production opens with a change only.").waitFor();
    await page.getByText('landingZones', { exact: true }).waitFor();
    await page.getByText('Pending for 3 days').waitFor();
  });

  test('what decided is open with its values; the rest is folded with its reason', async () => {
    const view = heldView(name);
    const failed = ruleView({
      rule: 'broken',
      outcome: 'failed',
      decided: false,
      problem: 'no such key: owner',
      when: 'target.tags["owner"] == "x"',
      saw: [{ fact: 'target.tags["owner"]', absent: true }],
    });
    suite.app.world.views.set(id, { ...view, rules: [...view.rules, failed] });
    const { page } = await suite.visitConnection(people.viewer, name);
    const shown = async (text: string): Promise<boolean> => page.getByText(text).first().isVisible();
    await page.getByText('no such key: owner').waitFor();
    expect(await shown('"production"')).toBe(true);
    expect(await shown('policy.yaml, line 12')).toBe(true);
    expect(await shown('could not be evaluated, which holds the connection')).toBe(true);
    expect(await shown('endpoint.subscriptionId in lists.landingZones')).toBe(false);
    expect(await shown('target.tags["environment"] == "test"')).toBe(false);
    await page.getByText('matched (approve) and was overridden').click();
    expect(await shown('endpoint.subscriptionId in lists.landingZones')).toBe(true);
    await page.getByText('1 rule did not match').click();
    expect(await shown('target.tags["environment"] == "test"')).toBe(true);
    expect(await page.getByText('absent', { exact: true }).last().isVisible()).toBe(true);
    await page.getByText('1 rule is for another status').click();
    expect(await shown('is for Disconnected')).toBe(true);
  });

  test('history comes page by page', async () => {
    const items = Array.from({ length: 25 }, (_, n) =>
      historyItem({ kind: 'waited', at: `2026-03-04T10:${String(59 - n).padStart(2, '0')}:00.000Z` }),
    );
    suite.app.world.history.set(id, items);
    const { page } = await suite.visitConnection(people.viewer, name);
    const rows = page.getByRole('cell', { name: 'still waits: hold' });
    await page.getByRole('button', { name: 'Older records' }).click();
    await page.getByRole('button', { name: 'Older records' }).waitFor({ state: 'detached' });
    expect(await rows.count()).toBe(25);
  });

  test('an id is copied; without the right to, it is selected', async () => {
    const { page, context } = await suite.visitConnection(people.viewer, name);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy the id of the target' }).click();
    await page.getByText('Copied the id of the target.').waitFor({ state: 'attached' });
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(targetId);
    await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("no"))');
    await page.getByRole('button', { name: 'Copy the id of the connection' }).click();
    await page.getByText('The id is selected.').waitFor({ state: 'attached' });
    expect(await page.evaluate('getSelection().toString()')).toBe(id);
  });

  test('what a person may not do is visible with the reason, and does nothing', async () => {
    const no = 'The policy lets other people answer this.';
    suite.app.world.views.set(
      id,
      heldView(name, { may: { approve: { no }, reject: { no }, delete: { no } } }),
    );
    const { page } = await suite.visitConnection(people.approver, name);
    const approve = page.getByRole('button', { name: 'Approve …' });
    await approve.focus();
    await page.keyboard.press('Enter');
    await approve.click({ force: true });
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.getByText(no).count()).toBe(2);
    const reasonId = await approve.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${reasonId}"]`).textContent()).toBe(no);
    // Deleting is for what the requester has left.
    expect(await page.getByRole('button', { name: 'Delete …' }).count()).toBe(0);
  });

  test('whoever may only look is told so, and has nothing to press', async () => {
    const no = 'You need the role Postern.Approver.';
    const may = { approve: { no }, reject: { no }, delete: { no } };
    suite.app.world.views.set(id, heldView(name, { answer: answerView(), may }));
    const { page } = await suite.visitConnection(people.viewer, name);
    await page.getByText(`You can look, but not answer. ${no}`).waitFor();
    const buttons = page.getByRole('main').getByRole('button');
    const allButCopying = async (): Promise<string[]> =>
      (await buttons.allTextContents()).filter((each) => each !== 'Copy');
    expect(await allButCopying()).toEqual([]);
    expect(await page.getByRole('heading', { name: 'For operators' }).count()).toBe(0);
    // If it waits for an operator, everybody learns whom to ask.
    suite.app.world.views.set(id, heldView(name, { effect: 'reject', operation: limited, may }));
    await page.reload();
    await page.getByText('Ask somebody with the role Postern.Operator to lift the limit.').waitFor();
    expect(await allButCopying()).toEqual([]);
  });

  test('a disconnected connection can be deleted', async () => {
    const view = heldView(name);
    suite.app.world.views.set(id, {
      ...view,
      connection: { ...view.connection, status: 'Disconnected', message: 'The consumer deleted it.' },
      may: {
        approve: { no: 'It is Disconnected.' },
        reject: { no: 'It is Disconnected.' },
        delete: { ok: true },
      },
    });
    const { page } = await suite.visitConnection(people.approver, name);
    await page.getByText("Azure's description: The consumer deleted it.").waitFor();
    await page.getByRole('button', { name: 'Delete …' }).click();
    await page.getByText('This removes the connection of').waitFor();
  });

  test('it follows an answer to its proven end', async () => {
    const { world } = suite.app;
    const { page } = await suite.visitConnection(people.approver, name, { isClockMine: true });
    const sentence = page.locator('.sentence');
    await page.getByText('Held for 3 days').waitFor();
    world.views.set(id, heldView(name, { answer: answerView() }));
    await page.clock.fastForward(21_000);
    await page.getByText('Anna Approver approved it. Postern checks the policy again').first().waitFor();
    const operation = {
      effect: 'approve',
      state: 'running',
      decisionId: 'd-2',
      attempt: 1,
      plannedAt: '2026-03-05T12:00:01.000Z',
      startedAt: '2026-03-05T12:00:02.000Z',
    } as const;
    world.views.set(id, heldView(name, { effect: 'approve', operation }));
    await page.clock.fastForward(4000);
    await page.getByText('Postern is approving it, started 2026-03-05 12:00 UTC.').first().waitFor();
    const view = heldView(name);
    world.views.set(id, {
      ...view,
      connection: {
        ...view.connection,
        status: 'Approved',
        message: '[Postern approved: by a person; 1c4f09ab]',
      },
      operation: { ...operation, state: 'applied', endedAt: '2026-03-05T12:00:09.000Z' },
      may: {
        approve: { no: 'It is Approved.' },
        reject: { no: 'It is Approved.' },
        delete: { no: 'It is Approved.' },
      },
    });
    await page.clock.fastForward(4000);
    await page
      .getByText('Postern has approved it at 2026-03-05 12:00 UTC, and Azure shows it.')
      .first()
      .waitFor();
    // A screen reader says it, too.
    const announced = page.getByRole('status').getByText('Postern has approved it at');
    await announced.waitFor({ state: 'attached' });
    expect(await announced.textContent()).toBe(await sentence.textContent());
  });

  test('a person takes an answer back', async () => {
    suite.app.world.views.set(id, heldView(name, { answer: answerView() }));
    const { page } = await suite.visitConnection(people.approver, name);
    await page.getByRole('button', { name: 'Withdraw my answer' }).click();
    await page.getByText('Your answer is withdrawn.').waitFor({ state: 'attached' });
    expect(suite.app.world.posted).toEqual([
      { path: 'api/withdraw', body: { id, decisionId: 'd-1' }, by: 'Anna Approver' },
    ]);
  });

  test('an answer of somebody else cannot be taken back', async () => {
    const [mine] = answerView().answers;
    const answers = [{ ...mine!, name: 'Bert Other', mine: false }];
    suite.app.world.views.set(
      id,
      heldView(name, { answer: answerView({ answers, needed: 2, state: 'waits for a second person' }) }),
    );
    const { page } = await suite.visitConnection(people.approver, name);
    await page.getByText('Bert Other approved it. 2 people must agree: 1 more.').waitFor();
    expect(await page.getByRole('button', { name: 'Withdraw my answer' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Approve …' }).click();
    await page.getByRole('dialog').getByText('Bert Other has agreed').waitFor();
  });

  test('an operator retries, and lifts the limit that holds it', async () => {
    suite.app.world.views.set(id, heldView(name, { effect: 'reject', operation: limited }));
    const { page } = await suite.visitConnection(operator, name);
    await page.getByText('Waits until an operator lifts the limit on rejections.').waitFor();
    await page.getByRole('button', { name: 'Review it again' }).click();
    await page.getByText('Postern reads the connection again').first().waitFor();
    await page.getByRole('button', { name: 'Lift the limit on rejections' }).click();
    await page.getByRole('button', { name: 'Lift the limit', exact: true }).click();
    await page.getByText('The limit on rejections is lifted.').first().waitFor();
    expect(suite.app.world.posted.map(({ path, body }) => [path, body])).toEqual([
      ['api/retry', { id }],
      ['api/lift', { kind: 'rejects' }],
    ]);
  });

  test('a connection that does not exist is said to be gone', async () => {
    const { page } = await suite.visitConnection(people.viewer, 'pe-other');
    await page.getByText('This connection does not exist, or was removed.').waitFor();
  });

  test('a failure is shown, and a button tries again', async () => {
    suite.app.world.onCall = (path) => {
      if (path.endsWith('connection'))
        throw new ConsoleError('UNAVAILABLE', 'Azure does not answer at present.');
    };
    const { page } = await suite.visitConnection(people.viewer, name);
    await page.getByRole('alert').getByText('Azure does not answer at present.').waitFor();
    suite.app.world.onCall = () => undefined;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Held for 3 days').waitFor();
  });
});
