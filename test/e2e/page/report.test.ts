import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { sampleFacts, sampleNow, sampleReport } from '../../../dev/report/sample-estate';
import { mostPrinted, mostRows } from '../../../report/list/window';
import { nameOf } from '../../../report/words';
import { sanitize } from '../../../src/base/text';
import { buildRow } from '../../../src/report/build-row';
import { inReportOrder } from '../../../src/report/order';
import { dataMark, pageOf } from '../../../src/report/page';
import { packReport } from '../../../src/report/page-data';
import type { Report } from '../../../src/report/row';
import { axeViolations } from '../../support/page/axe';
import { describeInBrowser, openVisitor, startBrowser, type Visitor } from '../../support/page/browser';
import { hostileTexts } from '../../support/page/hostile';
import { projectRoot } from '../../support/repo/project';

const built = (): Promise<string> => readFile(join(projectRoot, 'dist/report/page.html'), 'utf8');

/** What a person may have set: 200 % zoom of a window of 1280 pixels leaves 640. */
const settings = [
  ['light', { colorScheme: 'light' }, 1280],
  ['dark', { colorScheme: 'dark' }, 1280],
  ['200 % zoom', { colorScheme: 'light' }, 640],
  ['320 pixels wide', { colorScheme: 'dark' }, 320],
  ['forced colors', { colorScheme: 'dark', forcedColors: 'active' }, 1280],
] as const;

/** What makes the whole page scroll sideways. */
const wide = `(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth > clientWidth ? ['scrolled sideways: ' + scrollWidth + ' > ' + clientWidth] : [];
})()`;

/** The rows on the page: their places in the list, and the names of their connections. */
const rowsOnPage = `[...document.querySelectorAll('tbody.rows tr')]
  .map((row) => [Number(row.getAttribute('aria-rowindex')), row.querySelector('th').textContent])`;

describeInBrowser('the page of a report', () => {
  let browser: Browser;
  let folder: string;
  let visitors: Visitor[] = [];
  beforeAll(async () => {
    browser = await startBrowser();
    folder = await mkdtemp(join(tmpdir(), 'postern-report-'));
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    const wrongs = visitors.flatMap((visitor) => visitor.wrongs);
    await Promise.all(visitors.map(({ context }) => context.close()));
    visitors = [];
    expect(wrongs).toEqual([]);
  });

  async function write(report: Report): Promise<string> {
    const path = join(folder, 'report.html');
    await writeFile(path, [...pageOf(await built(), packReport(report, {}))].join(''));
    return pathToFileURL(path).href;
  }

  /** Opens a report; it may ask nothing of the network, not even of files. */
  async function open(report: Report, options: BrowserContextOptions = {}): Promise<Page> {
    const url = await write(report);
    const visitor = await openVisitor(browser, [new URL(url).origin], options);
    visitors.push(visitor);
    const requests: string[] = [];
    visitor.page.on('request', (request) => requests.push(request.url()));
    await visitor.page.goto(url);
    await visitor.page.getByRole('status').waitFor();
    expect(requests.filter((each) => !each.startsWith('data:'))).toEqual([url]);
    return visitor.page;
  }

  const counted = (page: Page, text: string): Promise<void> =>
    page.getByRole('status').filter({ hasText: text }).waitFor();

  test('is one file that names nothing elsewhere, and lets nothing run but its own script and style', async () => {
    const page = await built();
    const strange = /https?:(?!\/\/www\.w3\.org\/)|\ssrc=|<link rel="stylesheet|@import|url\(/.exec(page);
    expect(strange).toBeNull();
    expect(page).not.toMatch(/\sstyle=|\son\w+=/);
    expect(page.split(dataMark)).toHaveLength(2);
    expect(page).toContain(`default-src 'none'; script-src 'sha256-`);
    expect(page.slice(0, 1_000)).toContain('charset="utf-8"');
    expect(page).toContain('This page contains Preact.');
    expect(page).not.toContain('unsafe');
    expect(page.length).toBeLessThan(60_000);
  });

  test('a script or a style that is not its own does not run', async () => {
    const page = await open(sampleReport(5));
    const found = await page.evaluate<string[]>(`new Promise((resolve) => {
      const found = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        found.push(effectiveDirective);
        if (found.length === 3) resolve(found.sort());
      });
      const script = document.createElement('script');
      try { script.textContent = 'window.ran = true'; } catch { /* Trusted Types refuse it. */ }
      document.body.append(script);
      const style = document.createElement('style');
      style.textContent = 'body { display: none }';
      document.body.append(style);
      const image = new Image();
      image.src = 'https://stranger.example/x.png';
    })`);
    expect(found).toEqual(expect.arrayContaining(['img-src', 'style-src-elem']));
    expect(await page.evaluate('window.ran')).toBeUndefined();
    // What this test provoked is not wrong.
    visitors.forEach(({ wrongs }) => wrongs.splice(0));
  });

  test('everybody can use it, in every setting, with its details open or not', async () => {
    const page = await open(sampleReport(300));
    for (const isOpen of [false, true]) {
      if (isOpen) await page.locator('tbody.rows button').first().click();
      for (const [setting, media, width] of settings) {
        await page.setViewportSize({ width, height: 720 });
        await page.emulateMedia({ forcedColors: null, ...media });
        const found = [...(await axeViolations(page)), ...(await page.evaluate<string[]>(wide))];
        expect([setting, isOpen, found]).toEqual([setting, isOpen, []]);
      }
    }
  });

  test('100,000 connections: few rows are on the page at a time, and scrolling shows the right ones', async () => {
    const report = sampleReport(100_000);
    const page = await open(report, { viewport: { width: 1280, height: 900 } });
    await counted(page, '100,000 of 100,000 connections');
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe('100001');
    const rowHeight = await page.evaluate<number>(
      `document.querySelector('tbody.rows tr').getBoundingClientRect().height`,
    );
    expect(rowHeight).toBe(56);
    const region = `document.querySelector('.region')`;
    expect(await page.evaluate(`${region}.querySelector('table').offsetHeight > 100000 * 56`)).toBe(true);
    for (const at of [0, 17, 5_000, 49_999, 77_777, 99_990]) {
      await page.evaluate(`${region}.scrollTop = ${at} * 56`);
      await page.locator(`tr[aria-rowindex="${at + 2}"]`).waitFor();
      const rows = await page.evaluate<[number, string][]>(rowsOnPage);
      expect(rows.length).toBeLessThanOrEqual(mostRows);
      for (const [index, name] of rows) expect(name).toBe(nameOf(report.rows[index - 2]!.connection));
      const top = await page.evaluate<number>(
        `document.querySelector('tr[aria-rowindex="${at + 2}"]').getBoundingClientRect().top - ${region}.getBoundingClientRect().top`,
      );
      if (at < 99_980) expect(Math.abs(top - 38)).toBeLessThan(10);
    }
    await page.getByRole('searchbox').fill('pe-mail-099');
    const matching = report.rows.filter(({ connection }) => connection.includes('pe-mail-099'));
    await counted(page, `${matching.length.toLocaleString('en-US')} of 100,000 connections`);
    expect(await page.evaluate(`${region}.scrollTop`)).toBe(0);
    const shown = await page.evaluate<[number, string][]>(rowsOnPage);
    expect(shown.map(([, name]) => name)).toEqual(
      matching.slice(0, shown.length).map(({ connection }) => nameOf(connection)),
    );
  }, 600_000);

  test('filters, flags and order narrow the rows, the plots and each other', async () => {
    const report = sampleReport(400);
    const page = await open(report);
    const { rows } = report;
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Approved');
    const approved = rows.filter(({ status }) => status === 'Approved');
    await counted(page, `${approved.length} of 400`);
    await page.getByRole('button', { name: /^Never reviewed/ }).click();
    const never = approved.filter(({ flags }) => flags.includes('neverReviewed'));
    await counted(page, `${never.length} of 400`);
    expect(await page.getByRole('img', { name: /^Status: / }).getAttribute('aria-label')).toBe(
      `Status: Approved ${never.length}`,
    );
    await page.getByRole('button', { name: 'Requester', exact: true }).click();
    const ascending = page.getByRole('columnheader', { name: 'Requester' });
    expect(await ascending.getAttribute('aria-sort')).toBe('ascending');
    const names = (): Promise<string[]> =>
      page.locator('tbody.rows td:nth-of-type(2) .line:first-child').allTextContents();
    expect(await names()).toEqual((await names()).toSorted());
    await page.getByRole('button', { name: 'Requester', exact: true }).click();
    expect(await ascending.getAttribute('aria-sort')).toBe('descending');
    await page.getByRole('searchbox').fill('no such thing');
    await page.getByText('No connection fits the filter.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await counted(page, '400 of 400');
  });

  test('the keyboard alone reaches a row, its details and back, and is not lost when its row leaves the page', async () => {
    const report = sampleReport(2_000);
    const page = await open(report);
    const focused = (): Promise<unknown> =>
      page.evaluate('document.activeElement.className || document.activeElement.textContent');
    await page.locator('tbody.rows button').first().focus();
    const name = nameOf(report.rows[0]!.connection);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: `Connection ${name}` }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement.textContent')).toBe(name);
    await page.evaluate(`document.querySelector('.region').scrollTop = 50000`);
    await page.locator('tr[aria-rowindex="900"]').waitFor();
    expect(await focused()).toBe('region');
  });

  test('what strangers wrote is text, wherever it is shown', async () => {
    const base = sampleReport(hostileTexts.length);
    const made = hostileTexts.map((text, at) => {
      const facts = sampleFacts(at, hostileTexts.length);
      const { connection, endpoint, target } = facts;
      const requester = {
        id: text,
        type: text,
        name: text,
        subscriptionId: text,
        subscriptionName: text,
        how: 'name' as const,
      };
      return buildRow({
        facts: {
          ...facts,
          connection: {
            ...connection,
            id: `${target.id}/privateEndpointConnections/${at}-${text}`,
            message: text,
            status: text,
            groupIds: [text],
          },
          endpoint: endpoint && { ...endpoint, id: text, tenantId: text },
          requester: { ...requester, managementGroups: [text] },
          requesterProof: text,
          target: { ...target, type: text, subscriptionId: text },
        },
        history: { decision: { source: 'person', by: text, rules: [text], reason: text } },
        verdicts: { now: { effect: 'hold', rules: [text], reason: text } },
        microsoftTenants: new Set(),
        now: sampleNow,
      });
    });
    const rows = inReportOrder(made);
    const unread = hostileTexts.map((text) => ({ id: rows[0]!.connection, problem: sanitize(text) }));
    const source = {
      ...base.source,
      connections: sanitize(hostileTexts[0]!),
      ledger: 'partial' as const,
      ledgerProblem: sanitize(hostileTexts[1]!),
    };
    const page = await open({ rows, unread, source });
    await counted(page, `${rows.length} of ${rows.length}`);
    await page.getByText('could not be read, and are missing here').click();
    expect(
      await page.evaluate(
        `document.querySelectorAll('iframe, img, form:not([method=dialog]), a, base, object').length`,
      ),
    ).toBe(0);
    for (const at of rows.keys()) {
      await page.evaluate(`document.querySelector('.region').scrollTop = ${Math.max(0, at - 2)} * 56`);
      await page.locator(`tr[aria-rowindex="${at + 2}"] button`).click();
      const message = page.locator('dialog blockquote');
      expect(await message.textContent()).toBe(rows[at]!.message === '' ? '(empty)' : rows[at]!.message);
      expect(await page.locator('dialog dt').nth(1).textContent()).toBe(`Target: ${rows[at]!.type}`);
      await page.getByRole('button', { name: 'Close' }).click();
    }
    expect(await page.evaluate<string>('document.body.innerText')).not.toMatch(
      /[\u202a-\u202e\u2066-\u2069\u200b]/,
    );
  });

  test('all rows that the filter shows are printed, up to a limit that is said', async () => {
    const page = await open(sampleReport(mostPrinted + 500));
    await page.evaluate(`(() => {
      window.printed = [];
      addEventListener('afterprint', () => window.printed.push(document.querySelectorAll('#print tbody tr').length), true);
    })()`);
    const print = async (): Promise<unknown> => {
      await page.pdf({ preferCSSPageSize: true });
      return page.evaluate('window.printed.at(-1)');
    };
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Rejected');
    const [text = ''] = (await page.getByRole('status').textContent())?.split(' ') ?? [];
    expect(await print()).toBe(Number(text));
    expect(await page.locator('#print').textContent()).toBe('');
    await page.getByRole('button', { name: 'Show all' }).click();
    await counted(page, '2,500 of 2,500');
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    await page.emulateMedia({ media: 'print' });
    await page.getByText('These are the first 2,000 of 2,500 connections.').waitFor();
    expect(await page.locator('#print tbody tr').count()).toBe(mostPrinted);
    expect(await page.locator('.region').isVisible()).toBe(false);
    expect(await page.getByText('Filter: none').isVisible()).toBe(true);
  }, 600_000);

  test('an estate without connections, and one whose tenants and people are not known', async () => {
    const empty = sampleReport(0);
    const page = await open(empty);
    await counted(page, '0 of 0 connections, 0 targets');
    expect(await axeViolations(page)).toEqual([]);
    const bare = buildRow({
      facts: { ...sampleFacts(1, 3), endpoint: undefined, requester: undefined, consumer: undefined },
      history: { decision: { source: 'unknown' } },
      verdicts: undefined,
      microsoftTenants: new Set(),
      now: sampleNow,
    });
    const source = {
      ...empty.source,
      policy: undefined,
      ledger: 'absent' as const,
      ledgerProblem: 'it was not wanted',
    };
    const other = await open({ rows: [bare], unread: [], source });
    await other.getByText('The ledger was not read, so who decided is unknown').waitFor();
    await other.locator('tbody.rows button').click();
    await other.getByRole('dialog').getByText('Azure names none').waitFor();
    expect(await axeViolations(other)).toEqual([]);
  });
});
