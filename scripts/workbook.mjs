// Writes infra/workbook/postern.workbook.json from infra/queries/*.kql.
import { build } from 'esbuild';
import { mkdir, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { format } from 'prettier';

const { outputFiles } = await build({
  entryPoints: ['scripts/compose-workbook.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
});
const code = Buffer.from(outputFiles[0].contents).toString('base64');
const { composeWorkbook } = await import(`data:text/javascript;base64,${code}`);

const workbook = composeWorkbook((name) => readFileSync(`infra/queries/${name}.kql`, 'utf8'));
await mkdir('infra/workbook', { recursive: true });
const text = await format(JSON.stringify(workbook, undefined, 2), { parser: 'json' });
await writeFile('infra/workbook/postern.workbook.json', text);
