// This project's own rules. None of them needs types; every other rule is in .oxlintrc.json.
import parser from '@typescript-eslint/parser';
import { defineConfig } from 'eslint/config';
import { readdirSync } from 'node:fs';
import postern from './scripts/lint/plugin.mjs';

/** One variant of zod, and one place that gives it its messages. */
const oneZod = { regex: '^zod(/|$)', message: 'Schemas come from src/base/schema/schema.' };
/** The import law: who may know whom. A folder may import itself and what is named here. */
const forbid = (files, patterns, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: patterns, message }, oneZod] }] },
});
const sdks = '^@azure/(?!functions$)|^@opentelemetry/|^node:(https?|net|tls|http2)$';
const outside = '(^|/)(dev|test|bench|functions)/';
const rooms = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
/** What leaves a room of src for another one, or for src itself. */
const above = `\\.\\./(${rooms.join('|')}|app$|compose$)`;
/** A room may import itself, and of the others what is named here: a room, or one file of it. */
const knows = (...known) => {
  const named = known.map((name) => (name.endsWith('$') ? name : `${name}/`)).join('|');
  return `${sdks}|${outside}|\\.\\./(?!${named})(${rooms.join('|')})/|\\.\\./(app|compose)$`;
};
/**
 * Everything outside the app comes through its platform (src/platform.ts), so that the app runs in a simulated
 * world: one source of time, one of chance, no real I/O but in adapters, and no order that a run could change.
 */
const outsideRule = [
  {
    selector:
      'CallExpression[callee.name=/^(setTimeout|setInterval|setImmediate|queueMicrotask)$/], MemberExpression[object.name="process"][property.name=/^(nextTick|hrtime)$/]',
    message: 'Wait with Clock.after.',
  },
  {
    selector: 'MemberExpression[object.name="AbortSignal"][property.name=/^(timeout|any)$/]',
    message: 'Use withAbortAfter or withTimeout with a Clock.',
  },
  {
    selector: 'MemberExpression[object.name="performance"][property.name="now"]',
    message: 'Take the time from a Clock.',
  },
  {
    selector:
      'MemberExpression[object.name="Math"][property.name="random"], Identifier[name=/^random(UUID|Bytes|Int)$/]',
    message: 'Take random values from a Chance.',
  },
  {
    selector: 'ForInStatement',
    message: 'Iterate over Object.keys or a Map: their order is defined.',
  },
  {
    selector:
      'ImportDeclaration[source.value=/^(node:)?(timers|fs|child_process|dns|dgram|worker_threads|readline)(\\u002f|$)/]',
    message: 'Only adapters reach the machine.',
  },
];
/** What could run a stranger's text, or keep something beyond the tab. */
const browserRule = [
  {
    selector:
      'Identifier[name=/^(innerHTML|outerHTML|insertAdjacentHTML|srcdoc|createContextualFragment|setHTMLUnsafe)$/], JSXIdentifier[name=/^(dangerouslySetInnerHTML|innerHTML|srcDoc|style)$/], Literal[value="dangerouslySetInnerHTML"]',
    message: 'Text becomes text nodes only; styles are in style.css.',
  },
  {
    selector: 'Identifier[name=/^(localStorage|indexedDB|cookie|caches|cookieStore|serviceWorker)$/]',
    message: 'The page keeps nothing beyond its tab.',
  },
  {
    selector: 'ImportDeclaration[source.value=/src.console.api$/][importKind!="type"]',
    message: 'Import types only.',
  },
];
const clockRule = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Take the time from a Clock.',
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Take the time from a Clock.',
  },
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Only src/config reads the environment.',
  },
];

export default defineConfig(
  { ignores: ['dist/**', 'test/data/**', 'coverage/**'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { postern },
  },
  {
    files: ['src/**/*.ts', 'functions/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...clockRule, ...outsideRule],
      'max-lines': ['warn', 300],
    },
  },
  // The API's types in one file, which the page imports as a whole.
  { files: ['src/console/api.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['src/config/**/*.ts', 'src/base/clock.ts', 'src/base/chance.ts', 'src/cli/main.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // The adapters that simulated worlds leave out, and the tools for a terminal.
    files: [
      'src/azure/storage/blob-policy-reader.ts',
      'src/azure/telemetry/**/*.ts',
      'src/policy/source/disk-policy-reader.ts',
      'src/console/http/disk-assets.ts',
      'src/worker/source-maps.ts',
      'src/cli/**/*.ts',
    ],
    ignores: ['src/cli/main.ts'],
    rules: { 'no-restricted-syntax': ['error', ...clockRule] },
  },
  forbid(
    ['functions/**/*.ts'],
    '^(?!@azure/functions$|\\./|\\.\\./src/(app|worker/[a-z-]+)$)',
    'functions → src/app only.',
  ),
  forbid(
    ['src/*.ts', 'src/config/**/*.ts', 'src/worker/**/*.ts'],
    `${sdks}|${outside}`,
    'Only src/azure knows SDKs; nothing here imports dev, test or bench.',
  ),
  forbid(['src/base/**/*.ts'], `${sdks}|${outside}|${above}`, 'base knows no other room.'),
  forbid(['src/connections/**/*.ts'], knows('base'), 'connections → base.'),
  forbid(['src/policy/**/*.ts'], knows('base', 'connections'), 'policy → connections.'),
  forbid(['src/suggest/**/*.ts'], knows('base', 'connections', 'policy'), 'suggest → policy, connections.'),
  forbid(
    ['src/audit/**/*.ts'],
    knows('base', 'connections', 'policy/decision$'),
    'audit → connections and the words of a decision.',
  ),
  forbid(
    ['src/operations/**/*.ts'],
    knows('base', 'connections', 'policy', 'audit'),
    'operations → policy, audit → connections.',
  ),
  forbid(
    ['src/outcomes/**/*.ts'],
    knows('base', 'audit', 'operations/retry$'),
    'outcomes → audit, and the back-off of operations.',
  ),
  forbid(
    ['src/report/**/*.ts'],
    knows('base', 'connections', 'policy', 'audit', 'operations/description$'),
    'report → policy, audit, connections and the notes of operations.',
  ),
  forbid(
    ['src/review/**/*.ts', 'src/events/**/*.ts'],
    `${sdks}|${outside}|\\.\\./(azure|cli|console|app)`,
    'Only src/azure knows SDKs.',
  ),
  forbid(
    ['src/console/**/*.ts'],
    `${sdks}|${outside}|\\.\\./(azure|cli|app$|compose)`,
    'The console uses everything but azure, cli and app.',
  ),
  forbid(['src/azure/**/*.ts', 'src/cli/**/*.ts'], outside, 'Nothing in src imports dev, test or bench.'),
  {
    ...forbid(
      ['src/cli/**/*.ts'],
      `${sdks}|${outside}|\\.\\./azure/`,
      'The tools reach Azure through src/cli/live only.',
    ),
    ignores: ['src/cli/live/**'],
  },
  { files: ['src/base/schema/schema.ts'], rules: { 'no-restricted-imports': 'off' } },
  forbid(['bench/**/*.ts'], '(^|/)test/', 'bench knows nothing of test.'),
  forbid(
    ['console/**/*.ts', 'console/**/*.tsx'],
    '^(?!preact(/hooks)?$|\\.)|(^|/)(dev|test|bench|functions)/|(^|/)src/(?!console/api$)',
    'console → preact and the types of src/console/api.',
  ),
  forbid(
    ['report/**/*.ts', 'report/**/*.tsx'],
    '^(?!preact(/hooks)?$|\\.)|(^|/)(console|dev|test|bench|functions)/|(^|/)src/(?!report/)',
    'report → preact and src/report.',
  ),
  {
    files: ['console/**/*.ts', 'console/**/*.tsx', 'report/**/*.ts', 'report/**/*.tsx'],
    rules: { 'no-restricted-syntax': ['error', ...browserRule], 'max-lines': ['warn', 300] },
  },
  {
    files: ['src/**/*.ts', 'console/**/*.ts', 'console/**/*.tsx', 'report/**/*.ts', 'report/**/*.tsx'],
    rules: { 'postern/documented-exports': 'error' },
  },
);
