import type { Browser, Page } from 'playwright-core';
import { people, type LocalPerson } from '../../../dev/console/people';
import { until } from '../../../dev/lib/until';
import { axeViolations } from '../../support/page/axe';
import {
  describeInBrowser,
  enter,
  openVisitor,
  startBrowser,
  type Visitor,
} from '../../support/page/browser';
import { startRealApp, type RealApp } from '../../support/page/real-app';

const second: LocalPerson = {
  oid: '0a000000-0000-4000-8000-000000000004',
  name: 'Bert Approver',
  userName: 'bert@example.test',
  roles: ['Postern.Viewer', 'Postern.Approver'],
};

const policy = `version: 1
mode: enforce
console:
  approve: [role]
  reject: [role]
rules:
  - name: frozen
    effect: hold
    when: has(target.tags.freeze) && target.tags.freeze != ""
    reason: The target is frozen; a person decides
  - name: ours
    effect: approve
    when: has(target.tags.env) && target.tags.env == "prod" && connection.message == "ours"
`;

const reason = 'Agreed with the owner of the vault.';

describeInBrowser('the page over the real app', () => {
  let app: RealApp;
  let browser: Browser;
  let visitors: Visitor[] = [];

  beforeAll(async () => {
    [app, browser] = await Promise.all([
      startRealApp([...Object.values(people), second], policy),
      startBrowser(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });
  afterEach(async () => {
    const wrongs = visitors.flatMap((visitor) => visitor.wrongs);
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
    expect(wrongs).toEqual([]);
  });

  const visit = async (person: LocalPerson, hash = '#/'): Promise<Page> => {
    const visitor = await openVisitor(browser, [new URL(app.url).origin, app.provider.authority]);
    visitors.push(visitor);
    await enter(visitor, { url: app.url, as: person.name, hash });
    return visitor.page;
  };
  /** Plants a request that policy holds, and waits until it has. */
  const hold = async (vault: string, endpoint: string, message = 'Before the freeze?'): Promise<string> => {
    const id = await app.vault(vault, { env: 'prod', freeze: 'CHG-4711' });
    await app.ask(id, endpoint, message);
    await until(`${endpoint} is held`, async () => (await kinds(id)).includes('decided'));
    return id;
  };
  const kinds = async (vaultId: string): Promise<string[]> =>
    (await app.ledger(vaultId)).map(({ kind }) => kind);
  const openRow = async (page: Page, vault: string): Promise<void> => {
    const row = page.getByRole('row').filter({ hasText: vault });
    await row.getByRole('link').click();
    await page.getByRole('button', { name: 'Approve …' }).waitFor();
  };
  const answer = async (page: Page, verb: 'Approve' | 'Reject'): Promise<void> => {
    await page.getByRole('button', { name: `${verb} …` }).click();
    await page.getByLabel('Reason').fill(reason);
    const box = page.getByRole('checkbox');
    if ((await box.count()) > 0) await box.check();
    await page.getByRole('button', { name: verb, exact: true }).click();
  };

  test('a person sees why a connection is held, approves it, and watches it become applied', async () => {
    const vault = await hold('kv-approve', 'pe-approve');
    const page = await visit(people.approver);
    await openRow(page, 'kv-approve');
    await page.getByText(/^Held for .*: frozen holds it\.$/).waitFor();
    await page.getByText('"CHG-4711"').first().waitFor();
    expect(await page.locator('blockquote bdi').textContent()).toBe('Before the freeze?');
    expect(await axeViolations(page)).toEqual([]);
    await answer(page, 'Approve');
    await page
      .getByText(/^Postern has approved it at .* UTC, and Azure shows it\.$/)
      .first()
      .waitFor();
    expect(app.statusOf(vault, 'pe-approve')).toBe('Approved');
    const records = await app.ledger(vault);
    expect(records.find(({ kind }) => kind === 'answered')).toMatchObject({
      effect: 'approve',
      reason,
      by: expect.stringContaining(`Anna Approver (${people.approver.oid}`),
    });
    expect(records.map(({ kind }) => kind)).toContain('applied');
    await page.getByRole('cell', { name: 'answered by a person: approve' }).waitFor();
    await page.getByRole('link', { name: 'All that waits' }).click();
    await page.getByRole('link', { name: 'Recent' }).click();
    await page.getByRole('row').filter({ hasText: 'kv-approve' }).first().waitFor();
  });

  test('a person rejects with a confirmation', async () => {
    const vault = await hold('kv-reject', 'pe-reject');
    const page = await visit(people.approver);
    await openRow(page, 'kv-reject');
    await answer(page, 'Reject');
    await page
      .getByText(/^Postern has rejected it at /)
      .first()
      .waitFor();
    expect(app.statusOf(vault, 'pe-reject')).toBe('Rejected');
  });

  test('a page that is stale does not decide', async () => {
    const vault = await hold('kv-stale', 'pe-stale');
    const page = await visit(people.approver);
    await openRow(page, 'kv-stale');
    await page.getByRole('button', { name: 'Approve …' }).click();
    await app.vault('kv-stale', { env: 'prod', freeze: 'CHG-4712' });
    // What the app has read is kept for some seconds: somebody else sees the change first.
    const other = await visit(people.viewer, new URL(page.url()).hash);
    await until('the change is seen', async () => {
      await other.reload();
      await other
        .getByText(/"CHG-471\d"/)
        .first()
        .waitFor();
      return (await other.getByText('"CHG-4712"').count()) > 0;
    });
    await page.getByLabel('Reason').fill(reason);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    const changed = page.getByRole('region', { name: 'It has changed since you looked' });
    await changed.getByText('"CHG-4711"').waitFor();
    await changed.getByText('"CHG-4712"').waitFor();
    expect(app.statusOf(vault, 'pe-stale')).toBe('Pending');
    expect(await kinds(vault)).not.toContain('answered');
  });

  test('of two people with two answers one counts, and there is one write', async () => {
    const vault = await hold('kv-two', 'pe-two');
    const pages = [await visit(people.approver), await visit(second)];
    for (const page of pages) {
      await openRow(page, 'kv-two');
    }
    await answer(pages[0]!, 'Approve');
    await pages[0]!.getByRole('dialog').waitFor({ state: 'detached' });
    await answer(pages[1]!, 'Reject').catch(() => undefined);
    await pages[0]!
      .getByText(/^Postern has approved it at /)
      .first()
      .waitFor();
    expect(app.statusOf(vault, 'pe-two')).toBe('Approved');
    const answers = (await app.ledger(vault)).filter(({ kind }) => kind === 'answered');
    expect(answers.map(({ effect }) => effect)).toEqual(['approve']);
  });

  test('a viewer sees everything, and why they cannot answer', async () => {
    const vault = await hold('kv-view', 'pe-view');
    const page = await visit(people.viewer);
    await openRow(page, 'kv-view');
    await page.getByText('You need the role Postern.Approver.').first().waitFor();
    await page.getByRole('button', { name: 'Approve …' }).click({ force: true });
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(app.statusOf(vault, 'pe-view')).toBe('Pending');
  });

  test('what a requester writes is inert and set apart', async () => {
    const message = '<img src=x onerror="hostile=1">\u202E[Postern approved: by a person; 1c4f09ab]';
    await hold('kv-hostile', 'pe-hostile', message);
    const page = await visit(people.viewer);
    await openRow(page, 'kv-hostile');
    const quote = await page.locator('blockquote bdi').textContent();
    expect(quote).toContain('<img src=x onerror="hostile=1">');
    expect(quote).not.toContain('\u202E');
    await page.getByText('imitates a note of Postern').waitFor();
    await page.getByText('invisible characters', { exact: true }).waitFor();
  });
});
