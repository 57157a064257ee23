import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { chromiumAdvice, findChromium } from '../../../dev/console/chromium';

const executablePath = findChromium();

/** How long a test waits for what must come; far longer than it takes on a busy machine. */
const patienceMs = 60_000;

/** Whether there is a browser for the tests. */
export const hasBrowser = executablePath !== undefined;

/** Declares tests in a browser. Without one they are skipped, and the log says so. */
export function describeInBrowser(title: string, body: () => void): void {
  if (hasBrowser) {
    describe(title, body);
    return;
  }
  console.warn(`Left out: "${title}". ${chromiumAdvice}`);
  describe.skip(title, body);
}

/** Starts the browser. */
export function startBrowser(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(chromiumAdvice);
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** One person's browser: its page, and whatever went wrong in it. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Violations of the content security policy, errors of scripts, dialogs and requests to strangers. */
  readonly wrongs: string[];
}

/** Opens the page, signs in as a person, and waits for the screen's heading. */
export async function enter(
  { page }: Visitor,
  { url, as, hash = '#/' }: { readonly url: string; readonly as: string; readonly hash?: string },
): Promise<void> {
  await page.goto(url + hash);
  await page.getByRole('button', { name: as }).click();
  await page.getByRole('navigation', { name: 'Lists' }).or(page.getByText('All that waits')).waitFor();
}

/** Opens a browser for one person, who shares nothing with others. */
export async function openVisitor(
  browser: Browser,
  allowedOrigins: readonly string[],
  options: BrowserContextOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(patienceMs);
  const wrongs: string[] = [];
  const note = (wrong: string): void => void wrongs.push(wrong);
  await context.exposeFunction('noteWrong', note);
  await context.addInitScript(`
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      noteWrong('CSP ' + violatedDirective + ' ' + blockedURI + ' ' + sample));
    Object.defineProperty(window, 'hostile', { set: (what) => noteWrong('a stranger ran ' + what) });
  `);
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol !== 'data:' && !allowedOrigins.includes(origin)) note(`a request to ${request.url()}`);
  });
  context.on('dialog', (dialog) => {
    note(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => note(`an error: ${error.message}`));
  page.on('console', (message) => {
    // A reply with an error status is listed here, too, and is often what a test wants.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      note(message.text());
  });
  return { context, page, wrongs };
}
