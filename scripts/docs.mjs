// Builds a site of the documents in dist/site: `npm run docs`. Its generator is installed on first use, apart from the project's packages.
// A dead link fails the build.
import { execFileSync } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { deadLinksIn } from './docs/dead-links.mjs';
import { stagePages } from './docs/stage.mjs';

const tools = resolve('node_modules/.cache/site');
const pages = join(tools, 'pages');
await install();
await rm(pages, { recursive: true, force: true });
const extensions = await stagePages(pages);
await mkdir(join(pages, '.vitepress'), { recursive: true });
await cp('docs/site/config.mjs', join(pages, '.vitepress/config.mjs'));
execFileSync(process.execPath, [join(tools, 'node_modules/vitepress/bin/vitepress.js'), 'build', pages], {
  stdio: 'inherit',
  cwd: tools,
  env: { ...process.env, VITE_EXTRA_EXTENSIONS: extensions.join(',') },
});
const dead = await deadLinksIn(join(pages, '.vitepress/dist'));
if (dead.length > 0) {
  for (const one of dead) console.error(one);
  process.exit(1);
}
await rm('dist/site', { recursive: true, force: true });
await cp(join(pages, '.vitepress/dist'), 'dist/site', { recursive: true });
console.log('The site is in dist/site: any web server can serve it.');

/** Installs exactly what the lock file says, unless that is there already. */
async function install() {
  const locked = await readFile('docs/site/package-lock.json', 'utf8');
  const installed = await readFile(join(tools, 'installed.json'), 'utf8').catch(() => undefined);
  if (installed === locked) return;
  await mkdir(tools, { recursive: true });
  for (const name of ['package.json', 'package-lock.json'])
    await cp(join('docs/site', name), join(tools, name));
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: tools,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  await writeFile(join(tools, 'installed.json'), locked);
}
