import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { isPortFree } from '../lib/loopback';
import { projectRootOf } from '../lib/project-root';
import { runCommand, UsageError } from '../lib/cli-options';
import { chromiumAdvice, findChromium } from './chromium';
import { people } from './people';

const root = projectRootOf(import.meta.url);
const folder = join(root, 'docs/images');

/** Makes the pictures of the docs from `npm start`, as a person sees it who signs in. */
async function main(): Promise<number> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new UsageError(chromiumAdvice);
  await mkdir(folder, { recursive: true });
  const { child, url } = await startSystem();
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
    return 0;
  } finally {
    await browser.close();
    child.kill('SIGTERM');
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

/** Starts what `npm start` starts, on free ports, and waits until all samples have settled. */
async function startSystem(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const port = await freePorts(5);
  const ports = ['--port', port, '--arm-port', port + 1, '--storage-port', port + 2].map(String);
  const child = spawn(process.execPath, [join(root, 'dist/dev/start.mjs'), ...ports, '--speed', '40'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const [, url] = /(http:\/\/127\.0\.0\.1:\d+\/console\/)\s/.exec(output) ?? [];
      if (url !== undefined) resolve({ child, url });
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`npm start has ended with ${code}:\n${output}`)));
  });
}

/** Returns the first of `count` consecutive ports that are free. */
async function freePorts(count: number): Promise<number> {
  for (let first = 21_000; first < 32_000; first += count) {
    const ports = Array.from({ length: count }, (_, offset) => first + offset);
    if ((await Promise.all(ports.map(isPortFree))).every(Boolean)) return first;
  }
  throw new UsageError(`There are no ${count} free ports in a row`);
}

await runCommand(main);
