#!/usr/bin/env node
// Runs the tools of a clone: `npx postern`. They are there once they are built; until then, this says so.
import { existsSync } from 'node:fs';
import process from 'node:process';

const built = new URL('../dist/dev/postern.mjs', import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  console.error('The tools are not built yet. Build them with: npm run build');
  process.exitCode = 2;
}
