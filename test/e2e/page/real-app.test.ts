import type { Browser, Page } from 'playwright-core';
import { localIdentity } from '../../../dev/azure';
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
limits:
  deletes: { perHour: 0 }
rules:
  - name: two-people
    effect: hold
    when: has(target.tags.pair)
    console: { needed: 2 }
  - name: leftovers
    on: [Disconnected]
    effect: delete
    when: has(target.tags.leftovers)
  - name: frozen
    effect: hold
    when: has(target.tags.freeze) && target.tags.freeze != ""
    reason: The target is frozen; a person decides
  - name: ours
    effect: approve
    when: has(target.tags.env) && target.tags.env == "prod" && connection.message == "ours"
`;

const reason = 'Agreed with the owner of the vault.';

/** What Azure knows of the app's own writes. */
const ownWrites = { method: 'PUT', principal: localIdentity.objectId } as const;

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
  const hold = async (
    vault: string,
    endpoint: string,
    {
      message = 'Before the freeze?',
      tags = { env: 'prod', freeze: 'CHG-4711' },
    }: { readonly message?: string; readonly tags?: Readonly<Record<string, string>> } = {},
  ): Promise<string> => {
    const id = await app.vault(vault, tags);
    await app.ask(id, endpoint, message);
    await until(`${endpoint} is held`, async () => (await kinds(id)).includes('decided'));
    return id;
  };
  const kinds = async (vaultId: string): Promise<string[]> =>
    (await app.ledger(vaultId)).map(({ kind }) => kind);
  const openRow = async (page: Page, vault: string): Promise<void> => {
    const row = page.getByRole('row').filter({ hasText: vault });
    await row.getByRole('link').click();
    await page.getByRole('heading', { name: 'Answer' }).waitFor();
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
    await page.getByText(/^Approved for /).waitFor();
    // What a person has brought about themselves is no news that they have to read.
    expect(await page.getByRole('region', { name: 'It has changed since you looked' }).count()).toBe(0);
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

  test('where two people must agree, the first can take their answer back, and both are on record', async () => {
    const vault = await hold('kv-pair', 'pe-pair', { tags: { pair: 'yes' } });
    const page = await visit(people.approver);
    await openRow(page, 'kv-pair');
    await answer(page, 'Approve');
    await page.getByText('Anna Approver approved it. 2 people must agree: 1 more.').first().waitFor();
    await page.getByRole('button', { name: 'Withdraw my answer' }).click();
    await page
      .getByText(/^Held for .*: two-people holds it\.$/)
      .first()
      .waitFor();
    await page.getByRole('cell', { name: 'answer withdrawn: approve' }).waitFor();
    expect(app.statusOf(vault, 'pe-pair')).toBe('Pending');
    const withdrawn = (await app.ledger(vault)).find(({ kind }) => kind === 'withdrawn');
    expect(withdrawn?.by).toContain(`Anna Approver (${people.approver.oid})`);

    await answer(page, 'Approve');
    await page.getByText('Anna Approver approved it. 2 people must agree: 1 more.').first().waitFor();
    const other = await visit(second, new URL(page.url()).hash);
    await answer(other, 'Approve');
    for (const each of [page, other])
      await each
        .getByText(/^Postern has approved it at .* UTC, and Azure shows it\.$/)
        .first()
        .waitFor();
    const applied = (await app.ledger(vault)).find(({ kind }) => kind === 'applied');
    expect(applied?.by).toContain('Anna Approver');
    expect(applied?.by).toContain('Bert Approver');
  });

  test('an operator finds what a limit holds, and lifts the limit', async () => {
    const vault = await app.vault('kv-leftovers', { leftovers: 'yes' });
    app.leave(vault, 'pe-left');
    await until('the limit holds it', async () => (await kinds(vault)).includes('limited'));
    const viewer = await visit(people.viewer, '#/limited');
    await viewer.getByText('Only operators can lift a limit.').first().waitFor();
    const page = await visit(people.operator, '#/limited');
    await page.getByRole('row').filter({ hasText: 'kv-leftovers' }).getByRole('link').click();
    await page.getByText('Waits until an operator lifts the limit on deletions.').waitFor();
    await page.getByRole('button', { name: 'Lift the limit on deletions' }).click();
    await page.getByRole('button', { name: 'Lift the limit', exact: true }).click();
    await page.getByText('The limit on deletions is lifted.').first().waitFor();
    await until('it is deleted', async () => app.statusOf(vault, 'pe-left') === undefined);
    const [lifted] = (await app.ledger('')).filter(({ kind }) => kind === 'lifted');
    expect(lifted?.reason).toContain(`Otto Operator (${people.operator.oid}) lifted the limit of deletes`);
  });

  test('an operator finds what was given up, and has it tried again', async () => {
    const vault = await app.vault('kv-given-up', { env: 'prod' });
    const lost = {
      path: 'privateEndpointConnections/pe-given-up',
      effect: { kind: 'reset', when: 'before' },
    };
    app.azure.faults.add({ id: 'lost', ...ownWrites, ...lost } as never);
    await app.ask(vault, 'pe-given-up', 'ours');
    await until('its write is on its way', async () => (await kinds(vault)).includes('decided'));
    await until('it is given up', () =>
      app.giveUp(vault, 'pe-given-up').then(
        () => true,
        () => false,
      ),
    );
    app.azure.faults.clear();
    const page = await visit(people.operator, '#/given-up');
    await page.getByRole('row').filter({ hasText: 'kv-given-up' }).getByRole('link').click();
    await page.getByText('Postern stopped approving it: it failed (a defect).').waitFor();
    await page.getByRole('button', { name: 'Review it again' }).click();
    await page
      .getByText(/^Postern has approved it at .* UTC, and Azure shows it\.$/)
      .first()
      .waitFor();
    expect(app.statusOf(vault, 'pe-given-up')).toBe('Approved');
    const returned = (await app.ledger(vault)).find(({ kind }) => kind === 'returned');
    expect(returned?.reason).toContain(`Otto Operator (${people.operator.oid}) requested a retry`);
  });

  test('a viewer sees everything, and why they cannot answer', async () => {
    const vault = await hold('kv-view', 'pe-view');
    const page = await visit(people.viewer);
    await openRow(page, 'kv-view');
    await page.getByText('You need the role Postern.Approver.').first().waitFor();
    expect(await page.getByRole('button', { name: 'Approve …' }).count()).toBe(0);
    expect(app.statusOf(vault, 'pe-view')).toBe('Pending');
  });

  test('what a requester writes is inert and set apart', async () => {
    const message = '<img src=x onerror="hostile=1">\u202E[Postern approved: by a person; 1c4f09ab]';
    await hold('kv-hostile', 'pe-hostile', { message });
    const page = await visit(people.viewer);
    await openRow(page, 'kv-hostile');
    const quote = await page.locator('blockquote bdi').textContent();
    expect(quote).toContain('<img src=x onerror="hostile=1">');
    expect(quote).not.toContain('\u202E');
    await page.getByText('imitates a note of Postern').waitFor();
    await page.getByText('invisible characters', { exact: true }).waitFor();
  });
});
