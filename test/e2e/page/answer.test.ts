import type { Page } from 'playwright-core';
import { people } from '../../../dev/console/people';
import { ConsoleError } from '../../../src/console/http/message';
import { describeInBrowser } from '../../support/page/browser';
import { answerView, connectionId, heldView } from '../../support/page/samples';
import { createPageSuite } from '../../support/page/suite';

const name = 'pe-freeze';
const id = connectionId(name);
const reason = 'Agreed with the owner of the vault.';

const focused = (page: Page): Promise<unknown> =>
  page.evaluate('document.activeElement.id || document.activeElement.textContent');

describeInBrowser('answering', () => {
  const suite = createPageSuite();
  beforeEach(() => {
    suite.app.world.views.set(id, heldView(name));
  });

  test('a person approves with a reason, bound to what they have seen', async () => {
    const { world } = suite.app;
    world.onAnswer = () => {
      world.views.set(id, heldView(name, { answer: answerView() }));
      return 'taken';
    };
    const { page } = await suite.visitConnection(people.approver, name);
    await page.getByRole('button', { name: 'Approve …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Approve this connection' });
    await dialog.getByText('This opens a network path from endpoint').waitFor();
    expect(await dialog.textContent()).toContain(
      'pe-freeze in subscription 22222222-2222-4222-8222-222222222222 to Key vault kv-shared.',
    );
    await dialog.getByLabel('Reason').fill(`  ${reason} `);
    await dialog.getByLabel('Ticket (optional)').fill('CHG0001234');
    await dialog.getByLabel('End of the approval in UTC (optional)').fill('2026-04-01T08:30');
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByText('Anna Approver approved it.').first().waitFor();
    expect(world.posted).toEqual([
      {
        path: 'api/answer',
        by: 'Anna Approver',
        body: {
          id,
          decisionId: 'd-1',
          seen: 's-1',
          effect: 'approve',
          reason,
          ticket: 'CHG0001234',
          until: '2026-04-01T08:30:00.000Z',
        },
      },
    ]);
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  test('a rejection that cannot be undone must be confirmed, and its button never has the focus first', async () => {
    const { page } = await suite.visitConnection(people.approver, name);
    await page.getByRole('button', { name: 'Reject …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Reject this connection' });
    await dialog.getByText('This cannot be undone on this service.').waitFor();
    expect(await focused(page)).toBe('reason');
    await dialog.getByLabel('Reason').fill(reason);
    await dialog.getByRole('button', { name: 'Reject', exact: true }).click();
    await dialog.getByText('Confirm that you know this.').waitFor();
    expect(suite.app.world.posted).toEqual([]);
    await dialog.getByRole('checkbox', { name: 'I know that this cannot be undone.' }).check();
    await dialog.getByRole('button', { name: 'Reject', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(suite.app.world.posted).toMatchObject([{ body: { effect: 'reject', confirm: true } }]);
  });

  test('a rejection that can be undone needs no confirmation', async () => {
    suite.app.world.views.set(id, heldView(name, { final: { reject: false, delete: false } }));
    const { page } = await suite.visitConnection(people.approver, name);
    await page.getByRole('button', { name: 'Reject …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill(reason);
    expect(await dialog.getByRole('checkbox').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Reject', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(suite.app.world.posted).toHaveLength(1);
  });

  test('what is wrong is said at its field, which gets the focus', async () => {
    suite.app.world.views.set(id, heldView(name, { reasonPattern: 'CHG[0-9]{7}' }));
    const { page } = await suite.visitConnection(people.approver, name);
    await page.getByRole('button', { name: 'Approve …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('It must contain CHG[0-9]{7}.').waitFor();
    await dialog.getByLabel('Reason').fill('too short');
    await dialog.getByLabel('End of the approval in UTC (optional)').fill('2020-01-01T00:00');
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await dialog.getByText('Give a reason of at least 10 characters.').waitFor();
    await dialog.getByText('The end must be at least ten minutes from now').waitFor();
    expect(await focused(page)).toBe('reason');
    await dialog.getByLabel('Reason').fill('long enough, without the number');
    await dialog.getByLabel('End of the approval in UTC (optional)').fill('');
    suite.app.world.onAnswer = () => {
      throw new ConsoleError('REASON_MISSING', 'The reason must contain CHG[0-9]{7}.');
    };
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await dialog.getByText('The reason must contain CHG[0-9]{7}.').waitFor();
    expect(await focused(page)).toBe('reason');
  });

  test.each([
    ['NOT_YOURS', 'The policy lets other people answer this.'],
    ['NEVER', 'The policy lets nobody answer this.'],
    ['ANSWERED', 'Bert Other has already rejected it.'],
    ['NOT_HELD', 'It does not wait for a person.'],
    ['AUDIT_MODE', 'In audit mode nothing is written.'],
    ['UNAVAILABLE', 'Storage does not answer at present.'],
  ] as const)('a refusal (%s) is shown in the dialog, and the words stay', async (code, message) => {
    suite.app.world.onAnswer = () => {
      throw new ConsoleError(code, message);
    };
    const { page } = await suite.visitConnection(people.approver, name);
    await page.getByRole('button', { name: 'Approve …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill(reason);
    await dialog.getByRole('button', { name: 'Approve', exact: true }).click();
    await dialog.getByRole('alert').getByText(message).waitFor();
    expect(await dialog.getByLabel('Reason').inputValue()).toBe(reason);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  test('too many answers: it says when to try again', async () => {
    suite.app.world.onAnswer = () => {
      throw new ConsoleError('TOO_MANY', 'You have given 20 answers in an hour.', { retryAfterSeconds: 900 });
    };
    const { page } = await suite.visitConnection(people.approver, name);
    await page.getByRole('button', { name: 'Approve …' }).click();
    await page.getByLabel('Reason').fill(reason);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByText('You have given 20 answers in an hour. Try again in 900 s.').waitFor();
  });

  test('a stale page never decides: it shows what is different and keeps only the reason', async () => {
    const { world } = suite.app;
    const { page } = await suite.visitConnection(people.approver, name);
    await page.getByRole('button', { name: 'Approve …' }).click();
    await page.getByLabel('Reason').fill(reason);
    await page.getByLabel('Ticket (optional)').fill('CHG0001234');
    const view = heldView(name);
    world.views.set(id, {
      ...view,
      decisionId: 'd-2',
      seen: 's-2',
      connection: { ...view.connection, message: 'Please let the data team in.' },
    });
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    const changed = page.getByRole('region', { name: 'It has changed since you looked' });
    await changed.waitFor();
    expect(await focused(page)).toBe('changed-heading');
    expect(await changed.locator('del').allTextContents()).toEqual([
      'before: Please let the billing app in.',
    ]);
    expect(await changed.locator('ins').allTextContents()).toEqual(['now: Please let the data team in.']);
    expect(await page.getByRole('dialog').count()).toBe(0);
    // Nothing was sent a second time, and the words are there for an answer to the new question, once it is read.
    expect(world.posted).toHaveLength(1);
    await page.getByText('First read above what has changed.').first().waitFor();
    await page.getByRole('button', { name: 'Approve …' }).click({ force: true });
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', { name: 'I have read it' }).click();
    await page.getByRole('button', { name: 'Approve …' }).click();
    expect(await page.getByLabel('Reason').inputValue()).toBe(reason);
    expect(await page.getByLabel('Ticket (optional)').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(world.posted[1]).toMatchObject({ body: { decisionId: 'd-2', seen: 's-2' } });
  });

  test('what changes under the eyes of a person is read before it is answered', async () => {
    const { world } = suite.app;
    const { page } = await suite.visitConnection(people.approver, name, { isClockMine: true });
    await page.getByRole('button', { name: 'Approve …' }).waitFor();
    const view = heldView(name);
    const message = 'Please let the data team in.';
    world.views.set(id, { ...view, seen: 's-2', connection: { ...view.connection, message } });
    await page.clock.fastForward(21_000);
    const changed = page.getByRole('region', { name: 'It has changed since you looked' });
    await changed.getByText(message).waitFor();
    expect(await changed.textContent()).not.toContain('Your answer was not taken');
    await page.getByText('First read above what has changed.').first().waitFor();
    await page.getByRole('button', { name: 'I have read it' }).click();
    await changed.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Approve …' }).click();
    await page.getByLabel('Reason').fill(reason);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(world.posted).toMatchObject([{ body: { seen: 's-2' } }]);
  });

  test('of two people one wins; the other sees by whom', async () => {
    const { world } = suite.app;
    const boss = people.approver;
    const first = await suite.visitConnection(boss, name);
    const second = await suite.visitConnection(boss, name);
    world.onAnswer = () => {
      const view = heldView(name);
      if (world.posted.length > 1)
        throw new ConsoleError('ANSWERED', 'Anna Approver has already approved it.');
      world.views.set(id, { ...view, answer: answerView() });
      return 'taken';
    };
    for (const { page } of [first, second]) {
      await page.getByRole('button', { name: 'Approve …' }).click();
      await page.getByLabel('Reason').fill(reason);
    }
    await first.page.getByRole('button', { name: 'Approve', exact: true }).click();
    await first.page.getByText('Anna Approver approved it.').first().waitFor();
    await second.page.getByRole('button', { name: 'Approve', exact: true }).click();
    await second.page.getByText('Anna Approver has already approved it.').waitFor();
    await second.page.getByRole('button', { name: 'Cancel' }).click();
    await second.page.getByText('Anna Approver approved it.').first().waitFor();
  });

  test('a double click sends one answer', async () => {
    const { page } = await suite.visitConnection(people.approver, name);
    await page.getByRole('button', { name: 'Approve …' }).click();
    await page.getByLabel('Reason').fill(reason);
    await page.getByRole('button', { name: 'Approve', exact: true }).dblclick();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(suite.app.world.posted).toHaveLength(1);
  });

  test('a link never decides: opening and reloading it sends nothing', async () => {
    const { page } = await suite.visitConnection(people.approver, name);
    await page.getByRole('button', { name: 'Approve …' }).waitFor();
    await page.goto(
      `${suite.app.url}#/connection?id=${encodeURIComponent(id)}&effect=approve&reason=${reason}`,
    );
    await page.getByRole('button', { name: 'Approve …' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(suite.app.world.posted).toEqual([]);
  });
});
