// Builds the page of `postern report` into dist/report/page.html: one file, which loads nothing. Its content security
// policy names the script and the style by their digests, so nothing else in it can run.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const folder = 'dist/report';

const { outputFiles } = await build({
  entryPoints: { page: 'report/main.tsx', style: 'report/style.css' },
  outdir: folder,
  bundle: true,
  minify: true,
  format: 'iife',
  platform: 'browser',
  // The oldest that know light-dark() and <dialog>.
  target: ['chrome123', 'firefox120', 'safari17.5'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  // Inline, a file has no charset of its own.
  charset: 'ascii',
  write: false,
  logLevel: 'warning',
});
const textOf = (ending) => {
  const text = outputFiles.find(({ path }) => path.endsWith(ending)).text.trim();
  if (/<\/(?:script|style)|<!--/i.test(text))
    throw new Error(`the ${ending} file of the report ends its element`);
  return text;
};
const script = textOf('.js');
const style = textOf('.css');
const digestOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const policy = [
  "default-src 'none'",
  `script-src ${digestOf(script)}`,
  `style-src ${digestOf(style)}`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

// A report is passed on, so it carries the license of what is in it.
const license = (await readFile('node_modules/preact/LICENSE', 'utf8')).trim();
if (license.includes('--')) throw new Error('the license of Preact would end its comment');
let page = (await readFile('report/page.html', 'utf8')).replace(
  'LICENSE',
  () => `\nThis page contains Preact.\n\n${license}\n`,
);
for (const [mark, text] of Object.entries({ POLICY: policy, STYLE: style, SCRIPT: script }))
  page = put(page, mark, text);
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
await writeFile(join(folder, 'page.html'), page);

/** Puts text in the place of a mark, which is there once. */
function put(page, mark, text) {
  const places = page.split(new RegExp(`(?<=[">])\\s*${mark};?\\s*(?=["<])`));
  if (places.length !== 2) throw new Error(`report/page.html must have ${mark} once`);
  return places.join(text);
}
