import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import config from '../../../docs/site/config.mjs';
import { deadLinksIn } from '../../../scripts/docs/dead-links.mjs';
import { pageOf, stagePages } from '../../../scripts/docs/stage.mjs';
import { readText } from '../../support/repo/infra';
import { markdownFiles, slugOf } from '../../support/repo/markdown';
import { projectRoot } from '../../support/repo/project';

// `npm run docs` builds the site in a quarter of a minute, after it has installed its generator: too long for here.
const folder = mkdtempSync(join(tmpdir(), 'postern-site-'));
const here = process.cwd();
beforeAll(() => process.chdir(projectRoot));
afterAll(() => {
  process.chdir(here);
  rmSync(folder, { recursive: true, force: true });
});

test('the menu of the site leads to documents', () => {
  const { nav, sidebar } = config.themeConfig;
  const links = [...nav, ...sidebar.flatMap(({ items }) => items)].map(({ link }) => link);
  const paths = links.map((link) => (link.endsWith('/') ? `${link}README.md` : `${link}.md`).slice(1));
  expect(paths.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
});

test('headings have the same anchors as on GitHub', () => {
  for (const heading of ['Is it well?', '1. Network', 'Über 25 %', 'A b_c, d-e'])
    expect(config.markdown.anchor.slugify(heading)).toBe(slugOf(heading));
});

test('every document is laid out, with what it links to', async () => {
  const extensions = await stagePages(folder);
  expect(extensions).toEqual(expect.arrayContaining(['bicep', 'kql', 'tf', 'yaml']));
  for (const { path } of markdownFiles())
    if (!path.startsWith('infra/'))
      expect(existsSync(join(folder, path.replace('README.md', 'index.md')))).toBe(true);
  expect(existsSync(join(folder, 'public/docs/examples/gallery/quota.yaml'))).toBe(true);
  expect(existsSync(join(folder, 'docs/examples/gallery/index.md'))).toBe(true);
});

test('links of a page fit the site, and code stays as it is', async () => {
  const { text, targets } = await pageOf('docs/deploy.md');
  expect(text).toContain('[forty-subscriptions/main.tf](/docs/examples/forty-subscriptions/main.tf)');
  expect(text).toContain('[doctor](doctor.md#who-asks)');
  expect(targets).toContain('docs/examples/forty-subscriptions/main.tf');
  expect((await pageOf('README.md')).text).toContain('(docs/decisions/index.md)');
});

test('a dead link of the built site is found: a page, a file, an anchor', async () => {
  const site = join(folder, 'built');
  mkdirSync(join(site, 'docs'), { recursive: true });
  writeFileSync(
    join(site, 'index.html'),
    '<h1 id="a">A</h1><a href="/docs/">x</a><a class="b" href="docs/none.html#c">y</a>',
  );
  writeFileSync(
    join(site, 'docs/index.html'),
    '<a href="../index.html#a">x</a><a href="/#b">y</a><a href="./../">u</a><a href="https://a.b">z</a>',
  );
  expect((await deadLinksIn(site)).toSorted()).toEqual([
    'docs/index.html: /#b has no #b',
    'index.html: docs/none.html#c is not there',
  ]);
});

test('the generator is locked, with checksums and no registry, and the site loads nothing from elsewhere', () => {
  const { packages } = JSON.parse(readText('docs/site/package-lock.json')) as {
    packages: Record<string, { integrity?: string; resolved?: string }>;
  };
  const locked = Object.entries(packages).filter(([path]) => path !== '');
  expect(locked.length).toBeGreaterThan(50);
  expect(
    locked.filter(([, one]) => one.resolved !== undefined || !one.integrity?.startsWith('sha512-')),
  ).toEqual([]);
  expect(config.themeConfig.search.provider).toBe('local');
  expect(readText('docs/site/config.mjs')).not.toMatch(/https?:/);
});
