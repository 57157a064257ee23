import { packageJson } from '../../../../dev/package/package-files';

test('the deployed package.json gives Azure nothing to install and nothing to run', () => {
  const ours = {
    name: 'postern',
    version: '0.1.0',
    license: 'MIT',
    type: 'module',
    main: 'dist/app/functions.mjs',
    bin: { postern: 'x' },
    engines: { node: '>=20' },
    scripts: { build: 'x', postinstall: 'x' },
    dependencies: { zod: '4' },
    devDependencies: { jest: '30' },
  };
  expect(JSON.parse(packageJson(JSON.stringify(ours)))).toEqual({
    name: 'postern',
    version: '0.1.0',
    private: true,
    license: 'MIT',
    engines: { node: '>=20' },
    type: 'module',
    main: 'dist/app/functions.mjs',
  });
});
