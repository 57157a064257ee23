import type { Browser } from 'playwright-core';
import { people } from '../../../dev/console/people';
import { describeInBrowser, openVisitor, startBrowser, type Visitor } from '../../support/page/browser';
import { connectionId, heldView, openItem } from '../../support/page/samples';
import { startStandIn, type StandIn } from '../../support/page/stand-in';

const nobody = {
  ...people.viewer,
  oid: '0a000000-0000-4000-8000-000000000009',
  name: 'Nils Nobody',
  roles: [],
};

describeInBrowser('signing in to the console', () => {
  let browser: Browser;
  let app: StandIn;
  let visitor: Visitor;
  const visit = async (): Promise<Visitor> =>
    openVisitor(browser, [new URL(app.url).origin, app.provider.authority]);

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    app = await startStandIn([people.viewer, people.approver, nobody]);
    visitor = await visit();
  });
  afterEach(async () => {
    await visitor.context.close();
    await app.close();
    expect(visitor.wrongs).toEqual([]);
  });

  test('a person signs in, and nothing of it stays in the browser', async () => {
    const { page } = visitor;
    await page.goto(app.url);
    await page.getByRole('button', { name: 'Vera Viewer' }).click();
    await page.getByRole('heading', { name: 'Waiting for a person' }).waitFor();
    expect(page.url()).toBe(`${app.url}#/`);
    expect(await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]')).toEqual([
      0,
      0,
      '',
    ]);
    const cookies = await visitor.context.cookies(app.url);
    expect(cookies).toEqual([]);
    // Neither the code nor the token is in an address that the app has seen.
    expect(app.requests.filter((each) => /code|state|token/.test(each.replace('state=held', '')))).toEqual(
      [],
    );
  });

  test('a deep link is kept over the sign-in', async () => {
    const { page } = visitor;
    const name = 'pe-freeze';
    app.world.views.set(connectionId(name), heldView(name));
    await page.goto(`${app.url}#/connection?id=${encodeURIComponent(connectionId(name))}`);
    await page.getByRole('button', { name: 'Vera Viewer' }).click();
    await page.getByRole('heading', { name: `Connection ${name}` }).waitFor();
    expect(await page.title()).toBe('Connection of kv-shared – Postern');
  });

  test('the second sign-in asks nothing', async () => {
    const { page } = visitor;
    await page.goto(app.url);
    await page.getByRole('button', { name: 'Vera Viewer' }).click();
    await page.getByText('Nothing waits for a person.').waitFor();
    await page.reload();
    await page.getByText('Nothing waits for a person.').waitFor();
  });

  test('whoever has no role is told which one to ask for, and can use another account', async () => {
    const { page } = visitor;
    await page.goto(app.url);
    await page.getByRole('button', { name: 'Nils Nobody' }).click();
    await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
    await page.getByText('Postern.Viewer').first().waitFor();
    app.world.open.push(openItem('pe-one'));
    await page.getByRole('button', { name: 'Use another account' }).click();
    await page.getByRole('button', { name: 'Anna Approver' }).click();
    await page.getByRole('link', { name: 'pe-one' }).waitFor();
    await page.getByText('Anna Approver').waitFor();
  });

  test.each([
    ['a code that somebody else slips in', '#code=stolen&state=theirs', 'STATE'],
    ['an error that nobody asked for', '#error=access_denied&state=theirs', 'STATE'],
  ])('%s is not redeemed', async (_what, hash, code) => {
    const { page } = visitor;
    await page.goto(`${app.url}${hash}`);
    await page.getByText(code, { exact: true }).waitFor();
    expect(page.url()).toBe(`${app.url}#/`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  test('a code of another sign-in is not redeemed while this tab waits for its own', async () => {
    const { page } = visitor;
    const redeemed: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/token')) redeemed.push(request.url());
    });
    await page.goto(app.url);
    await page.getByRole('button', { name: 'Vera Viewer' }).waitFor();
    await page.goto(`${app.url}#code=stolen&state=theirs`);
    await page.getByText('STATE', { exact: true }).waitFor();
    expect(redeemed).toEqual([]);
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  test('a sign-in that the service refuses is shown with its code', async () => {
    const { page } = visitor;
    await page.route(`${app.provider.authority}/**/token`, (route) =>
      route.fulfill({
        status: 400,
        headers: { 'access-control-allow-origin': '*' },
        json: {
          error: 'invalid_grant',
          error_description:
            'AADSTS50105: Vera is not assigned to the application. Trace ID: 1 Correlation ID: 2',
        },
      }),
    );
    await page.goto(app.url);
    await page.getByRole('button', { name: 'Vera Viewer' }).click();
    await page.getByText('AADSTS50105').waitFor();
    await page.getByText('Vera is not assigned to the application.').waitFor();
    await page.getByText('Ask whoever administers Postern').waitFor();
  });

  test('a token near its end is renewed in silence, on the screen where the person is', async () => {
    const { page } = visitor;
    const name = 'pe-freeze';
    app.world.views.set(connectionId(name), heldView(name));
    await page.clock.install();
    await page.goto(`${app.url}#/connection?id=${encodeURIComponent(connectionId(name))}`);
    await page.getByRole('button', { name: 'Anna Approver' }).click();
    await page.getByRole('heading', { name: `Connection ${name}` }).waitFor();
    const tokenSeconds = 3600;
    const renewed = page.waitForResponse(/v2.0\/token$/);
    await page.clock.fastForward((tokenSeconds - 240) * 1000);
    await renewed;
    await page.getByRole('heading', { name: `Connection ${name}` }).waitFor();
    // Nobody types: it was read again with the new token.
    await page.getByRole('heading', { name: 'Why' }).waitFor();
  });

  test('nobody is interrupted while typing, and what was typed survives the sign-in', async () => {
    const { page } = visitor;
    const name = 'pe-freeze';
    app.world.views.set(connectionId(name), heldView(name));
    await page.clock.install();
    await page.goto(`${app.url}#/connection?id=${encodeURIComponent(connectionId(name))}`);
    await page.getByRole('button', { name: 'Anna Approver' }).click();
    await page.getByRole('button', { name: 'Reject …' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('Not one of our subscriptions.');
    await page.getByRole('checkbox').check();
    await page.clock.fastForward(3_590_000);
    expect(await page.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe(
      'Not one of our subscriptions.',
    );
    const renewed = page.waitForResponse(/v2.0\/token$/);
    await page.getByRole('button', { name: 'Reject', exact: true }).click();
    await renewed;
    await page.getByRole('dialog', { name: 'Reject this connection' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe(
      'Not one of our subscriptions.',
    );
    // What cannot be undone is confirmed anew.
    expect(await page.getByRole('checkbox').isChecked()).toBe(false);
    expect(app.world.posted).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  test('an answer that was typed before the sign-in is not given to a question that has changed', async () => {
    const { page } = visitor;
    const name = 'pe-freeze';
    const id = connectionId(name);
    app.world.views.set(id, heldView(name));
    await page.clock.install();
    await page.goto(`${app.url}#/connection?id=${encodeURIComponent(id)}`);
    await page.getByRole('button', { name: 'Anna Approver' }).click();
    await page.getByRole('button', { name: 'Approve …' }).click();
    await page.getByRole('textbox', { name: 'Reason' }).fill('Agreed with the owner.');
    app.world.views.set(id, heldView(name, { seen: 's-2' }));
    await page.clock.fastForward(3_590_000);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await page.getByText('It has changed while you signed in again.').waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(app.world.posted).toEqual([]);
    await page.getByRole('button', { name: 'Approve …' }).click();
    expect(await page.getByRole('textbox', { name: 'Reason' }).inputValue()).toBe('Agreed with the owner.');
  });

  test('if the silent renewal is not possible, the person is asked', async () => {
    const { page } = visitor;
    await page.clock.install();
    await page.goto(app.url);
    await page.getByRole('button', { name: 'Vera Viewer' }).click();
    await page.getByText('Nothing waits for a person.').waitFor();
    await visitor.context.clearCookies();
    await page.clock.fastForward(3_500_000);
    await page.getByRole('button', { name: 'Vera Viewer' }).click();
    await page.getByText('Nothing waits for a person.').waitFor();
  });

  test('an id token for another sign-in is not accepted', async () => {
    const { page } = visitor;
    await page.route(`${app.provider.authority}/**/token`, async (route) => {
      const reply = await route.fetch();
      const body = (await reply.json()) as Record<string, string>;
      const claims = Buffer.from(JSON.stringify({ nonce: 'other' })).toString('base64url');
      await route.fulfill({ response: reply, json: { ...body, id_token: `e30.${claims}.x` } });
    });
    await page.goto(app.url);
    await page.getByRole('button', { name: 'Vera Viewer' }).click();
    await page.getByText('NONCE', { exact: true }).waitFor();
    expect(app.requests.filter((each) => each.includes('/api/me'))).toEqual([]);
  });
});
