// Writes the table of docs/scale.md from documented limits and docs/performance.json. With --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { limitsFrom, measuredIn, tableFrom } from './scale/limits.mjs';

const root = join(import.meta.dirname, '..');
const path = join(root, 'docs/scale.md');
const performance = JSON.parse(readFileSync(join(root, 'docs/performance.json'), 'utf8'));
const text = readFileSync(path, 'utf8');
const between = /(<!-- scale -->\n\n)[\s\S]*?(\n\n<!-- \/scale -->)/;
if (!between.test(text)) throw new Error('docs/scale.md has no place for the table');
const wanted = text.replace(
  between,
  (_, before, after) => before + tableFrom(limitsFrom(measuredIn(performance))) + after,
);
if (process.argv.includes('--check')) {
  if (wanted !== text) {
    process.stderr.write('docs/scale.md is not as docs/performance.json says: run npm run scale\n');
    process.exitCode = 1;
  }
} else writeFileSync(path, wanted);
