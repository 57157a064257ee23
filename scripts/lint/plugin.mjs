import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { documentedExports } from './documented-exports.mjs';

const sources = ['documented-exports.mjs', 'first-word.mjs'].map((file) =>
  readFileSync(new URL(file, import.meta.url)),
);

/** This project's own lint rules. ESLint reuses cached findings until the version changes, so it is a hash of the rules. */
export default {
  meta: { name: 'postern', version: createHash('sha256').update(Buffer.concat(sources)).digest('hex') },
  rules: { 'documented-exports': documentedExports },
};
