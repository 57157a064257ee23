import { requireSelfContained } from '../../../../dev/package/self-contained';

function bundleThatImports(...paths: string[]) {
  const imports = paths.map((path) => ({ path, kind: 'require-call' as const, external: true }));
  const own = { path: 'chunks/one.mjs', kind: 'import-statement' as const };
  return { outputs: { 'app.mjs': { bytes: 1, inputs: {}, imports: [own, ...imports], exports: [] } } };
}

test('Node’s own modules and what the worker gives may be asked for', () => {
  expect(() =>
    requireSelfContained(bundleThatImports('fs/promises', 'node:fs', '@azure/functions-core')),
  ).not.toThrow();
});

test('whatever else would be looked for in a node_modules folder is named', () => {
  const bundle = bundleThatImports('@azure/identity', 'sharp', 'sharp');
  expect(() => requireSelfContained(bundle)).toThrow(/imports:\n {2}@azure\/identity\n {2}sharp$/);
});
