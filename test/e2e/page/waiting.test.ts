import type { Page } from 'playwright-core';
import { people } from '../../../dev/console/people';
import { ConsoleError } from '../../../src/console/http/message';
import { describeInBrowser } from '../../support/page/browser';
import { connectionId, heldView, openItem, recentItem } from '../../support/page/samples';
import { createPageSuite, operator } from '../../support/page/suite';

const names = async (page: Page): Promise<string[]> =>
  page.getByRole('row').getByRole('link').allTextContents();

describeInBrowser('the lists', () => {
  const suite = createPageSuite();

  test('held connections are shown, oldest first, with who asks and why they are held', async () => {
    suite.app.world.open.push(
      openItem('pe-one'),
      openItem('pe-two', { rules: [], reason: 'No rule matched.', since: '2026-03-05T11:00:00.000Z' }),
    );
    const { page } = await suite.visit(people.viewer);
    const [, first, second] = await page.getByRole('row').all();
    expect(await first?.getByRole('cell').allTextContents()).toEqual([
      '3 days 2026-03-02 10:00 UTC',
      'pe-one',
      'kv-shared Microsoft.KeyVault/vaults',
      'pe-one subscription 22222222-2222-4222-8222-222222222222',
      'Please let the billing app in.',
      'production-wants-a-change Production opens with a change only.',
    ]);
    expect(await second?.textContent()).toContain('1 hour 2026-03-05 11:00 UTC');
    expect(await second?.textContent()).toContain('no rule matched');
    expect(await page.getByRole('link', { name: 'Held (2)' }).getAttribute('aria-current')).toBe('page');
  });

  test('each tab has its own rows, title and heading, and the focus is on the heading', async () => {
    const { world } = suite.app;
    world.open.push(
      openItem('pe-held'),
      openItem('pe-answered', { state: 'answered' }),
      openItem('pe-working', { state: 'working', effect: 'approve' }),
      openItem('pe-limited', { state: 'limited', effect: 'reject' }),
      openItem('pe-given-up', { state: 'given up', effect: 'approve' }),
    );
    const by = `Anna Approver (${people.approver.oid}, token abc_D-1)`;
    world.recent.push(recentItem('pe-ended', { by }));
    const { page } = await suite.visit(people.viewer);
    for (const [tab, title, rows] of [
      ['Working', 'Postern is working on', ['pe-working']],
      ['Limits', 'Held by a limit', ['pe-limited']],
      ['Given up', 'Given up', ['pe-given-up']],
      ['Held', 'Waiting for a person', ['pe-held', 'pe-answered']],
    ] as const) {
      await page.getByRole('link', { name: tab }).click();
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      await page.getByRole('link', { name: rows[0] }).waitFor();
      expect(await names(page)).toEqual(rows);
      expect(await page.title()).toBe(`${title} – Postern`);
      expect(await page.evaluate('document.activeElement.textContent')).toBe(title);
    }
    await page.getByRole('link', { name: 'Recent' }).click();
    // The stand-in's time is sampleNow, so that its day is today.
    await page.getByRole('cell', { name: 'approve: done' }).waitFor();
    await page.getByRole('cell', { name: 'Anna Approver', exact: true }).waitFor();
    expect(await names(page)).toEqual(['pe-ended']);
    await page.getByRole('link', { name: 'Day before' }).click();
    await page.getByText('Nothing ended on this day.').waitFor();
    await page.getByRole('link', { name: 'Day after' }).click();
    await page.getByRole('link', { name: 'pe-ended' }).waitFor();
    expect(await page.getByRole('link', { name: 'Day after' }).count()).toBe(0);
  });

  test('a list of 100,000 comes page by page, and a page has an address', async () => {
    const { open } = suite.app.world;
    for (let n = 0; n < 100_000; n += 1) open.push(openItem(`pe-${n}`));
    const { page } = await suite.visit(people.viewer);
    await page.getByRole('link', { name: 'Held (1,000+)' }).waitFor();
    expect(await names(page)).toHaveLength(50);
    await page.getByRole('link', { name: 'Next page' }).click();
    await page.getByRole('link', { name: 'pe-50', exact: true }).waitFor();
    expect(await names(page)).toHaveLength(50);
    await page.goto(`${suite.app.url}#/?after=99950`);
    await page.getByRole('link', { name: 'pe-99999', exact: true }).waitFor();
    expect(await page.getByRole('link', { name: 'Next page' }).count()).toBe(0);
    await page.getByRole('link', { name: 'First page' }).click();
    await page.getByRole('link', { name: 'pe-0', exact: true }).waitFor();
    // No page was read that nobody wanted to see.
    const asked = new Set(suite.app.world.calls.filter((call) => call.includes('api/open')));
    expect([...asked].map((call) => /after=(\d+)/.exec(call)?.[1] ?? '0')).toEqual(['0', '50', '99950']);
  });

  test('the filter shows the rows that have every word, anywhere', async () => {
    suite.app.world.open.push(
      openItem('pe-one', { message: 'for the data team' }),
      openItem('pe-two', { message: 'for the web team' }),
      openItem('pe-three'),
    );
    const { page } = await suite.visit(people.viewer);
    await page.getByRole('searchbox').fill('TEAM web');
    await page.getByRole('link', { name: 'pe-one' }).waitFor({ state: 'detached' });
    expect(await names(page)).toEqual(['pe-two']);
    await page.getByRole('searchbox').fill('nothing like it');
    await page.getByText('No row contains these words.').waitFor();
  });

  test('rows stay where they are until the person asks; new ones are announced', async () => {
    const { world } = suite.app;
    world.open.push(openItem('pe-one'), openItem('pe-two'));
    const { page } = await suite.visit(people.viewer, '#/', { isClockMine: true });
    await page.getByRole('link', { name: 'pe-one' }).waitFor();
    world.open.splice(0, 1, openItem('pe-zero'));
    world.open.push(openItem('pe-three'));
    await page.clock.fastForward(20_000);
    await page.getByRole('button', { name: '2 new, 1 gone: show' }).waitFor();
    expect(await names(page)).toEqual(['pe-one', 'pe-two']);
    expect(await page.getByRole('row', { name: 'pe-one' }).getAttribute('class')).toBe('gone');
    const announced = page.getByRole('status').getByText('2 new, 1 gone in the list.');
    await announced.waitFor({ state: 'attached' });
    await page.getByRole('button', { name: '2 new, 1 gone: show' }).click();
    await page.getByRole('link', { name: 'pe-zero' }).waitFor();
    expect(await names(page)).toEqual(['pe-zero', 'pe-two', 'pe-three']);
  });

  test('it is read every 20 seconds, after ten idle minutes every 60, and not while hidden', async () => {
    const { world } = suite.app;
    world.open.push(openItem('pe-one'));
    const { page } = await suite.visit(people.viewer, '#/', { isClockMine: true });
    await page.getByRole('link', { name: 'pe-one' }).waitFor();
    const reads = (): string[] => world.calls.filter((call) => call.includes('api/open'));
    const advance = async (seconds: number): Promise<void> => {
      await page.clock.fastForward(seconds * 1000);
      await page.waitForLoadState('networkidle');
    };
    const expectReads = async (count: number): Promise<void> => {
      while (reads().length < count) await page.evaluate('1');
      expect(reads()).toHaveLength(count);
    };
    await expectReads(1);
    await advance(21);
    await expectReads(2);
    // Nothing has changed, so that the reply has no body.
    expect(reads()[1]).toMatch(/ 304$/);
    await advance(600);
    await expectReads(3);
    await advance(30);
    expect(reads()).toHaveLength(3);
    await advance(31);
    await expectReads(4);
    const setVisibility = (state: string): Promise<unknown> =>
      page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))`);
    await setVisibility('hidden');
    await advance(1800);
    expect(reads()).toHaveLength(4);
    await setVisibility('visible');
    await expectReads(5);
  });

  test('a failure keeps the rows and says that they may be old; it goes away by itself', async () => {
    const { world } = suite.app;
    world.open.push(openItem('pe-one'));
    const { page } = await suite.visit(people.viewer, '#/', { isClockMine: true });
    await page.getByRole('link', { name: 'pe-one' }).waitFor();
    world.onCall = () => {
      throw new ConsoleError('UNAVAILABLE', 'Azure does not answer at present.', { retryAfterSeconds: 30 });
    };
    await page.clock.fastForward(21_000);
    await page
      .getByText('This list may be old. Azure does not answer at present. Try again in 30 s.')
      .waitFor();
    expect(await names(page)).toEqual(['pe-one']);
    world.onCall = () => undefined;
    await page.clock.fastForward(31_000);
    await page.getByText('This list may be old.').waitFor({ state: 'detached' });
  });

  test.each([
    [{ mode: 'audit' as const }, 'Audit mode.'],
    [{ suspended: 'policy.yaml:3: unknown key' }, 'Nothing is decided at present.'],
    [{ refused: 'policy.yaml:3: unknown key' }, 'A newer version of the policy is not in force.'],
    [{ lastSweepAt: '2026-03-05T09:59:00.000Z' }, 'The last sweep ended 2 hours ago.'],
  ])('a banner says what everybody should know: %j', async (me, sentence) => {
    suite.app.world.me = me;
    const { page } = await suite.visit(people.viewer);
    await page.getByText(sentence).waitFor();
  });

  test('an operator lifts a limit; others see why they cannot', async () => {
    suite.app.world.open.push(openItem('pe-one', { state: 'limited', effect: 'reject' }));
    const { page } = await suite.visit(operator, '#/limited');
    await page.getByRole('button', { name: 'Lift the limit on rejections' }).click();
    // Enter on what has the focus must not lift.
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(suite.app.world.posted).toEqual([]);
    await page.getByRole('button', { name: 'Lift the limit on rejections' }).click();
    await page.getByRole('button', { name: 'Lift the limit', exact: true }).click();
    await page.getByText('The limit on rejections is lifted. 2 can go on.').first().waitFor();
    expect(suite.app.world.posted).toEqual([
      { path: 'api/lift', body: { kind: 'rejects' }, by: 'Otto Operator' },
    ]);
    const { page: other } = await suite.visit(people.viewer, '#/limited');
    await other.getByText('Only operators can lift a limit.').waitFor();
    expect(await other.getByRole('button', { name: 'Lift the limit on rejections' }).count()).toBe(0);
  });

  test('a row opens its connection, and Back returns', async () => {
    suite.app.world.open.push(openItem('pe-one'));
    suite.app.world.views.set(connectionId('pe-one'), heldView('pe-one'));
    const { page } = await suite.visit(people.viewer);
    await page.getByRole('link', { name: 'pe-one' }).click();
    await page.getByRole('heading', { name: 'Connection pe-one' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Waiting for a person' }).waitFor();
  });
});
