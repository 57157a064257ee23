import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { projectRootOf } from '../lib/project-root';
import { runCommand, UsageError } from '../lib/cli-options';
import { takeReport } from '../report/screenshot';
import { chromiumAdvice, findChromium } from './chromium';
import { startNpmStart } from './npm-start';
import { people } from './people';

const root = projectRootOf(import.meta.url);
const folder = join(root, 'docs/images');

/** Makes the pictures of the docs: of the console from `npm start`, as a person sees it who signs in, and of a report. */
async function main(): Promise<number> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new UsageError(chromiumAdvice);
  await mkdir(folder, { recursive: true });
  const { url, stop } = await startNpmStart(root);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({
      viewport: { width: 1200, height: 720 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
      locale: 'en-US',
    });
    page.setDefaultTimeout(120_000);
    await page.goto(url);
    await page.getByRole('button', { name: people.approver.name }).click();
    await takeList(page);
    await takeConnection(page);
    const path = join(folder, 'report.png');
    await takeReport(page, { root, path });
    console.log(path);
    return 0;
  } finally {
    await browser.close();
    await stop();
  }
}

async function takeList(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^pe-freeze/ }).waitFor();
  const box = await page.getByRole('table').boundingBox();
  await save(page, 'console-list.png', box === null ? 720 : box.y + box.height + 24);
}

/** Takes a connection down to its history. */
async function takeConnection(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^pe-freeze/ }).click();
  const heading = page.getByRole('heading', { name: 'History' });
  await heading.waitFor();
  const box = await heading.boundingBox();
  await save(page, 'console-connection.png', box === null ? 1200 : box.y - 12);
}

async function save(page: Page, name: string, height: number): Promise<void> {
  const path = join(folder, name);
  const clip = { x: 0, y: 0, width: 1200, height: Math.ceil(height) };
  await page.screenshot({ path, clip, fullPage: true, animations: 'disabled', caret: 'hide' });
  console.log(path);
}

await runCommand(main);
