import { Linter } from 'eslint';
import config from '../../../../eslint.config.mjs';

const linter = new Linter({ cwd: process.cwd() });
const findings = (filename: string, code: string): string[] =>
  linter.verify(code, config, { filename }).map(({ ruleId, message }) => `${ruleId}: ${message}`);
const importing = (from: string): string => `import { x } from '${from}';\nexport const y = x;\n`;

describe('the import law', () => {
  test.each([
    ['functions/x.ts', '../src/review/take-request', 'functions → src/app only'],
    ['functions/x.ts', '../dev/lib/until', 'functions → src/app only'],
    ['src/compose.ts', '@azure/storage-blob', 'Only src/azure knows SDKs'],
    ['src/config/x.ts', '../../test/support/samples/x', 'nothing here imports dev, test or bench'],
    ['src/worker/x.ts', 'node:http', 'Only src/azure knows SDKs'],
    ['src/base/x.ts', '../connections/connection', 'base knows no other room'],
    ['src/connections/x.ts', '../policy/policy', 'connections → base'],
    ['src/connections/deep/x.ts', '../../policy/policy', 'connections → base'],
    ['src/policy/cel/x.ts', '../../operations/operation', 'policy → connections'],
    ['src/audit/x.ts', '../policy/policy', 'the words of a decision'],
    ['src/operations/write/x.ts', '../../review/take-request', 'operations → policy, audit → connections'],
    ['src/outcomes/x.ts', '../operations/operation', 'outcomes → audit'],
    ['src/review/queue/x.ts', '../../azure/storage/storage', 'Only src/azure knows SDKs'],
    ['src/events/x.ts', '../app', 'Only src/azure knows SDKs'],
    ['src/azure/arm/x.ts', '../../../dev/azure/index', 'Nothing in src imports dev, test or bench'],
    ['src/cli/doctor/x.ts', '../../azure/arm/arm', 'through src/cli/live only'],
    ['src/cli/live/x.ts', '../../../bench/main', 'Nothing in src imports dev, test or bench'],
    ['bench/flow/x.ts', '../../test/support/rigs/rig', 'bench knows nothing of test'],
    ['console/parts/x.tsx', '../../src/base/text', 'console → preact and the types of src/console/api'],
    ['console/parts/x.tsx', 'preact/compat', 'console → preact and the types of src/console/api'],
    ['console/x.ts', '../dev/lib/until', 'console → preact and the types of src/console/api'],
    ['src/report/x.ts', '../review/take-request', 'report → policy, audit, connections'],
    ['src/report/x.ts', '../operations/operation', 'report → policy, audit, connections'],
    ['report/list/x.tsx', '../../src/base/text', 'report → preact and src/report'],
    ['report/x.ts', '../console/base/words', 'report → preact and src/report'],
    ['src/config/x.ts', 'zod', 'Schemas come from src/base/schema/schema'],
    ['src/cli/facts/x.ts', 'zod/mini', 'Schemas come from src/base/schema/schema'],
  ])('%s may not import %s', (file, from, reason) => {
    expect(findings(file, importing(from))).toEqual([expect.stringMatching(/^no-restricted-imports: /)]);
    expect(findings(file, importing(from))[0]).toContain(reason);
  });

  test.each([
    ['functions/x.ts', '../src/app'],
    ['functions/x.ts', '@azure/functions'],
    ['src/connections/x.ts', '../base/errors'],
    ['src/base/schema/schema.ts', 'zod/mini'],
    ['src/policy/cel/x.ts', '../../connections/connection'],
    ['src/audit/x.ts', '../policy/decision'],
    ['src/outcomes/x.ts', '../operations/retry'],
    ['src/review/queue/x.ts', '../../policy/policy'],
    ['src/azure/arm/x.ts', '@azure/core-rest-pipeline'],
    ['src/cli/live/x.ts', '../../azure/arm/arm'],
    ['bench/flow/x.ts', '../../dev/lib/until'],
    ['console/parts/x.tsx', 'preact/hooks'],
    ['console/parts/x.tsx', './context'],
    ['src/report/x.ts', '../operations/description'],
    ['report/list/x.tsx', '../../src/report/row'],
    ['test/unit/x.test.ts', '../../src/azure/arm/arm'],
  ])('%s may import %s', (file, from) => {
    expect(findings(file, importing(from))).toEqual([]);
  });
});

describe('the clock law', () => {
  const now = 'no-restricted-syntax: Take the time from a Clock.';
  const environment = 'no-restricted-syntax: Only src/config reads the environment.';

  test.each([
    ['new Date()', now],
    ['Date.now()', now],
    ['process.env', environment],
  ])('src does not say %s', (code, message) => {
    expect(findings('src/review/x.ts', `export const x = ${code};\n`)).toEqual([message]);
    expect(findings('functions/x.ts', `export const x = ${code};\n`)).toEqual([message]);
  });

  test.each(['src/base/clock.ts', 'src/config/config.ts', 'src/cli/main.ts', 'dev/lib/x.ts'])(
    '%s is where it may',
    (file) => {
      expect(findings(file, 'export const x = [Date.now(), new Date(), process.env];\n')).toEqual([]);
    },
  );
});

test('a file of more than 300 lines is flagged', () => {
  expect(findings('src/review/x.ts', '\n'.repeat(301))).toEqual([expect.stringMatching(/^max-lines: /)]);
});

describe('the law of the outside', () => {
  const nothing = 'export const x = 1;\n';
  const outside: readonly (readonly [code: string, message: string])[] = [
    ['setTimeout(run, 1);', 'Wait with Clock.after.'],
    ['setInterval(run, 1);', 'Wait with Clock.after.'],
    ['setImmediate(run);', 'Wait with Clock.after.'],
    ['queueMicrotask(run);', 'Wait with Clock.after.'],
    ['process.nextTick(run);', 'Wait with Clock.after.'],
    ['AbortSignal.timeout(1);', 'Use withAbortAfter or withTimeout with a Clock.'],
    ['performance.now();', 'Take the time from a Clock.'],
    ['Math.random();', 'Take random values from a Chance.'],
    ['for (const key in row) run(key);', 'Iterate over Object.keys or a Map: their order is defined.'],
  ];

  test.each(outside)('src does not say %s', (code, message) => {
    expect(findings('src/review/x.ts', nothing + code)).toEqual([`no-restricted-syntax: ${message}`]);
  });

  test('src does not import a random value, a timer or a file', () => {
    const random = "import { randomUUID } from 'node:crypto';\nexport const x = randomUUID();\n";
    expect(findings('src/azure/arm/x.ts', random)).toContain(
      'no-restricted-syntax: Take random values from a Chance.',
    );
    for (const module of ['node:timers/promises', 'node:fs', 'node:fs/promises', 'node:child_process']) {
      const code = `import { x } from '${module}';\nexport const y = x;\n`;
      expect(findings('src/review/x.ts', code)).toEqual([
        'no-restricted-syntax: Only adapters reach the machine.',
      ]);
    }
  });

  test.each(['src/base/clock.ts', 'src/policy/source/disk-policy-reader.ts', 'src/azure/telemetry/x.ts'])(
    'the adapter %s may',
    (file) => {
      expect(findings(file, `${nothing}setTimeout(run, 1);`)).toEqual([]);
    },
  );

  test('test and dev may', () => {
    expect(findings('dev/host/x.ts', `${nothing}setTimeout(run, 1);`)).toEqual([]);
  });
});

describe('the law of the page', () => {
  const text = 'no-restricted-syntax: Text becomes text nodes only; styles are in style.css.';
  const keep = 'no-restricted-syntax: The page keeps nothing beyond its tab.';

  test.each([
    ['export const x = <p dangerouslySetInnerHTML={{ __html: "" }} />;', text],
    ['export const x = { ["dangerouslySetInnerHTML"]: 1 };', text],
    ['export const x = <p style="color: red" />;', text],
    ['document.body.innerHTML = "";', text],
    ['document.body.insertAdjacentHTML("beforeend", "");', text],
    ['localStorage.setItem("a", "b");', keep],
    ['document.cookie = "a=b";', keep],
    [
      "import { x } from '../src/console/api';\nexport const y = x;",
      'no-restricted-syntax: Import types only.',
    ],
  ])('it does not say %s', (code, message) => {
    expect(findings('console/x.tsx', `${code}\n`)).toEqual([message]);
  });

  test('it may keep a draft for its tab', () => {
    expect(findings('console/x.tsx', "sessionStorage.setItem('a', 'b');\n")).toEqual([]);
  });
});
