// Writes the tables of target types from data/, and their page in docs/: run it after a change there. With --check it
// only compares.
import { build } from 'esbuild';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { documentOf } from './types/document.mjs';
import { tablesFrom } from './types/rows.mjs';

const root = join(import.meta.dirname, '..');
const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

const { profiles, wire, actions } = tablesFrom({
  read: read('data/private-link-types.json'),
  added: read('data/target-types.json'),
  listed: read('data/provider-operations.json'),
});
const files = {
  'src/connections/target-types.json': profiles,
  'src/azure/arm/connections/table/wire-types.json': wire,
  'src/azure/roles/type-actions.json': actions,
};

const stale = [];
for (const [path, table] of Object.entries(files)) {
  keep(path, await format(JSON.stringify(table), { parser: 'json', printWidth: 110 }));
}
// The page is made of what `postern types` prints, which reads the tables above.
keep('docs/target-types.md', documentOf(await readTypeInfos()));
if (process.argv.includes('--check') && stale.length > 0) {
  process.stderr.write(`Not as data/ says, run npm run types: ${stale.join(', ')}\n`);
  process.exitCode = 1;
}

function keep(path, text) {
  if (text !== current(path)) stale.push(path);
  if (!process.argv.includes('--check')) writeFileSync(join(root, path), text);
}

async function readTypeInfos() {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src/cli/live/live-types.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return (await import(`data:text/javascript;base64,${code}`)).readTypeInfos();
}

function current(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
}
