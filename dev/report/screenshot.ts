import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { labelsOf } from '../../src/report/labels';
import { pageOf } from '../../src/report/page';
import { packReport } from '../../src/report/page-data';
import { sampleReport } from './sample-estate';

const size = { width: 1320, height: 1500 } as const;

/** Takes a picture of the report of a made-up estate, without what is below `size`. `root`: the built project. */
export async function takeReport(page: Page, { root, path }: { root: string; path: string }): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-report-'));
  try {
    const built = await readFile(join(root, 'dist/report/page.html'), 'utf8');
    const report = sampleReport(2_400);
    const file = join(folder, 'postern-report.html');
    await writeFile(file, [...pageOf(built, packReport(report, labelsOf(report.rows)))].join(''));
    await page.setViewportSize(size);
    await page.goto(pathToFileURL(file).href);
    await page.getByRole('status').waitFor();
    await page.screenshot({ path, clip: { x: 0, y: 0, ...size }, animations: 'disabled', caret: 'hide' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
