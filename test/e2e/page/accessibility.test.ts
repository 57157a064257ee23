import type { Page } from 'playwright-core';
import { axeViolations } from '../../support/page/axe';
import { describeInBrowser } from '../../support/page/browser';
import { answerView, connectionHash, connectionId, heldView, openItem } from '../../support/page/samples';
import { screens } from '../../support/page/screens';
import { createPageSuite } from '../../support/page/suite';
import { people } from '../../../dev/console/people';

/** What a person may have set: 200 % zoom of a window of 1280 pixels leaves 640. */
const settings = [
  ['light', { colorScheme: 'light' }, 1280],
  ['dark', { colorScheme: 'dark' }, 1280],
  ['200 % zoom', { colorScheme: 'light' }, 640],
  ['320 pixels wide', { colorScheme: 'dark' }, 320],
  ['reduced motion', { colorScheme: 'light', reducedMotion: 'reduce' }, 1280],
  ['just wide enough for tables', { colorScheme: 'light' }, 960],
  ['forced colors', { colorScheme: 'dark', forcedColors: 'active' }, 1280],
] as const;

/** What is scrolled sideways, and what can be pressed but is smaller than 24 pixels. */
const misfits = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const wide = scrollWidth > clientWidth ? ['scrolled sideways: ' + scrollWidth + ' > ' + clientWidth] : [];
  const small = [...document.querySelectorAll('button, input, textarea, summary, nav a')]
    .map((each) => [each.textContent || each.type, each.getBoundingClientRect()])
    .filter(([, { width, height }]) => width > 0 && Math.min(width, height) < 24 && width * height < 24 * 24)
    .map(([text, { width, height }]) => 'small: ' + text + ' ' + width + ' × ' + height);
  return [...wide, ...small, ...(document.querySelectorAll('h1').length === 1 ? [] : ['not one h1'])];
})()`;

/** Presses the Tab key until what has the focus is called so. */
const tabToIn =
  (page: Page) =>
  async (wanted: string): Promise<void> => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      const found = await page.evaluate(
        '(document.activeElement.getAttribute("aria-label") || document.activeElement.textContent).trim()',
      );
      if (found === wanted) return;
    }
    throw new Error(`The Tab key does not reach ${wanted}`);
  };

/** What moves by itself or glides when it changes. */
const movements = `[...document.querySelectorAll('*')].filter((each) => {
  const { animationName, transitionDuration } = getComputedStyle(each);
  return animationName !== 'none' || transitionDuration.split(',').some((each) => parseFloat(each) > 0);
}).map((each) => each.className || each.tagName)`;

describeInBrowser('everybody can use every screen', () => {
  const suite = createPageSuite();

  test.each(screens)('$title', async ({ open }) => {
    const page = await open(suite);
    for (const [setting, media, width] of settings) {
      await page.setViewportSize({ width, height: 720 });
      await page.emulateMedia({ reducedMotion: null, forcedColors: null, ...media });
      const found = [...(await axeViolations(page)), ...(await page.evaluate<string[]>(misfits))];
      expect([setting, found]).toEqual([setting, []]);
    }
  });

  test.each(screens)('nothing moves for whoever wants reduced motion: $title', async ({ open }) => {
    const page = await open(suite);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await page.evaluate(movements)).toEqual([]);
  });

  test('what is wrong is found', async () => {
    const { page } = await suite.visit(people.viewer);
    await page.evaluate(`document.querySelector('main').append(
      Object.assign(document.createElement('p'), { textContent: "-" }),
      document.createElement('button'), document.createElement('h1'))`);
    const found = [...(await axeViolations(page)), ...(await page.evaluate<string[]>(misfits))].join('\n');
    for (const wrong of ['button-name', 'not one h1']) expect(found).toContain(wrong);
    // Without the wish for reduced motion, something glides: the button that skips to the content.
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    expect(await page.evaluate(movements)).toEqual(['skip']);
  });

  test('a person signs in, answers after a mistake, and withdraws with the keyboard alone', async () => {
    const name = 'pe-freeze';
    const id = connectionId(name);
    const { world } = suite.app;
    world.views.set(id, heldView(name));
    world.onAnswer = () => {
      world.views.set(id, heldView(name, { answer: answerView() }));
      return 'taken';
    };
    const { page } = await suite.visitSignedOut();
    const tabTo = tabToIn(page);
    await page.goto(suite.app.url + connectionHash(name));
    await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
    await tabTo(people.approver.name);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Approve …' }).waitFor();
    await tabTo('Approve …');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    // What is wrong takes the focus to its field.
    await page.keyboard.type('short');
    await tabTo('Approve');
    await page.keyboard.press('Enter');
    await page.getByText('Give a reason of at least 10 characters.').waitFor();
    // Escape leaves, and the same key as before begins anew.
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('Agreed with the owner of the vault.');
    await tabTo('Approve');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Withdraw my answer' }).waitFor();
    await page.evaluate('document.activeElement.blur()');
    await tabTo('Withdraw my answer');
    await page.keyboard.press('Enter');
    await page.getByText('Your answer is withdrawn.').waitFor({ state: 'attached' });
    expect(world.posted.map(({ path, body }) => [path, (body as { reason?: string }).reason])).toEqual([
      ['api/answer', 'Agreed with the owner of the vault.'],
      ['api/withdraw', undefined],
    ]);
  });

  test('a connection is found, read and answered with the keyboard alone', async () => {
    const name = 'pe-freeze';
    suite.app.world.open.push(openItem(name));
    suite.app.world.views.set(connectionId(name), heldView(name));
    const { page } = await suite.visit(people.approver);
    await page.getByRole('link', { name }).waitFor();
    const tabTo = tabToIn(page);
    await tabTo(name);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: `Connection ${name}` }).waitFor();
    await page.getByRole('button', { name: 'Approve …' }).waitFor();
    await tabTo('1 rule did not match');
    await page.keyboard.press('Space');
    await page.getByText('Not true:').waitFor();
    await tabTo('Approve …');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('Agreed with the owner of the vault.');
    await tabTo('Approve');
    await page.keyboard.press('Space');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(suite.app.world.posted).toHaveLength(1);
    // The focus is where it was before the dialog.
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Approve …');
  });

  test('the keyboard keeps its place when what it was at goes away', async () => {
    const { world } = suite.app;
    const name = 'pe-freeze';
    const id = connectionId(name);
    world.open.push(openItem(name));
    world.views.set(id, heldView(name, { answer: answerView() }));
    const { page } = await suite.visit(people.approver, '#/', { isClockMine: true });
    const focused = (): Promise<unknown> => page.evaluate('document.activeElement.textContent');
    await page.getByRole('link', { name }).waitFor();
    world.open.push(openItem('pe-new'));
    await page.clock.fastForward(21_000);
    await page.getByRole('button', { name: '1 new: show' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'pe-new' }).waitFor();
    expect(await focused()).toBe('Waiting for a person');
    await page.getByRole('link', { name }).click();
    await page.getByRole('button', { name: 'Withdraw my answer' }).focus();
    world.views.set(id, heldView(name));
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Withdraw my answer' }).waitFor({ state: 'detached' });
    expect(await focused()).toBe('Answer');
  });

  test('the first stop of the Tab key skips to the content', async () => {
    const { page } = await suite.visit(people.viewer, connectionHash('pe-other'));
    await page.getByRole('alert').waitFor();
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
  });
});
