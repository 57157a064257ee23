import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot, runNode } from '../../support/repo/project';

/** For each rule that must never be lost, code that breaks it and nothing else. */
const broken: Readonly<Record<string, string>> = {
  'await-thenable': 'export const x = async (): Promise<void> => { await 1; };',
  'ban-ts-comment': "// @ts-ignore\nexport const x: number = 'one';",
  'consistent-type-imports':
    "import { Fruit } from './fruit';\nexport const x = (fruit: Fruit): Fruit => fruit;",
  'no-base-to-string': 'export const x = String({});',
  'no-deprecated': '/** @deprecated Gone. */\nconst old = 1;\nexport const x = old;',
  'no-explicit-any': 'export const x = (y: any): void => y satisfies unknown;',
  'no-floating-promises': 'export function x(): void { Promise.resolve(1); }',
  'no-misused-promises':
    'export const x = (): void => { [1].forEach(async () => { await Promise.resolve(1); }); };',
  'no-misused-spread': 'export const x = { ...Promise.resolve(1) };',
  'no-non-null-assertion': 'export const x = (y?: string): string => y!;',
  'no-unnecessary-type-assertion': 'export const x = (y: string): string => y as string;',
  'no-unsafe-argument': "export const x = (): number => parseInt(JSON.parse('1'));",
  'no-unsafe-assignment':
    "export const x = (): void => { const y = JSON.parse('1'); console.log(typeof y); };",
  'no-unsafe-call': "export const x = (): void => { JSON.parse('1')(); };",
  'no-unsafe-enum-assignment':
    "import { Fruit } from './fruit';\nexport const x: Fruit = 1 as number;\nexport { Fruit };",
  'no-unsafe-enum-comparison':
    "import type { Fruit } from './fruit';\nexport const x = (y: Fruit): boolean => y === 1;",
  'no-unsafe-member-access': "export const x = (): void => { console.log(typeof JSON.parse('1').y); };",
  'no-unsafe-return': "export const x = (): number => JSON.parse('1');",
  'no-unused-vars': 'export const x = (y: number): void => undefined;',
  'only-throw-error': "export const x = (): never => { throw 'text'; };",
  'prefer-promise-reject-errors': "export const x = (): Promise<never> => Promise.reject('text');",
  'restrict-plus-operands': "export const x = (y: number): string => y + 'one';",
  'restrict-template-expressions': 'export const x = (y: object): string => `${[y].length} ${y}`;',
  'return-await':
    'export const x = async (y: Promise<number>): Promise<number> => { try { return y; } catch { return 1; } };',
  'switch-exhaustiveness-check':
    "export function x(y: 'a' | 'b'): void { switch (y) { case 'a': console.log(y); } }",
  'unbound-method': 'export const x = new Map<string, string>().get;',
  eqeqeq: 'export const x = (y: string, z: string): boolean => y == z;',
  'prefer-const': 'let y = 1;\nexport const x = y;',
};

const clean = 'export enum Fruit { Apple, Pear }\n';

interface Report {
  readonly diagnostics: readonly { readonly filename: string; readonly code: string }[];
}

/** Lints a project of these files with this project's rules, and returns the names of the rules that each file breaks. */
async function lint(files: Readonly<Record<string, string>>): Promise<Record<string, string[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-lint-'));
  try {
    mkdirSync(join(folder, 'src'));
    copyFileSync(join(projectRoot, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
    const compilerOptions = { strict: true, target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler' };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
    for (const [name, code] of Object.entries(files)) writeFileSync(join(folder, `src/${name}.ts`), code);
    const args = ['-c', join(folder, '.oxlintrc.json'), '-f', 'json', join(folder, 'src')];
    const { stdout } = await runNode(['node_modules/oxlint/bin/oxlint', ...args]);
    const found: Record<string, string[]> = {};
    for (const { filename, code } of (JSON.parse(stdout) as Report).diagnostics) {
      const name = /([\w-]+)\.ts$/.exec(filename)?.[1] ?? filename;
      (found[name] ??= []).push(/\(([\w-]+)\)$/.exec(code)?.[1] ?? code);
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

let found: Record<string, string[]>;
beforeAll(async () => {
  found = await lint({ ...broken, fruit: clean });
});

test.each(Object.keys(broken))('%s is enforced', (rule) => {
  expect(found[rule]).toContain(rule);
});

test('a file that breaks no rule is left alone', () => {
  expect(found['fruit']).toBeUndefined();
});
