// Makes the package of the tools alone, dist/postern-cli-VERSION.tgz: one bundle whose parts load on demand, no dependencies,
// and nothing of the app. `npm install FILE` installs it. The same sources give the same bytes.
import { execFileSync } from 'node:child_process';
import { build } from 'esbuild';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { common } from './app-bundle.mjs';

const folder = 'dist/postern-cli';
await rm(folder, { recursive: true, force: true });
const { metafile } = await build({
  ...common,
  entryPoints: { postern: 'src/cli/main.ts' },
  outdir: join(folder, 'bin'),
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'linked',
  sourcemap: false,
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
});
// What the tools are made of, for the test of what loads when.
await writeFile('dist/postern-cli.meta.json', JSON.stringify(metafile));
await mkdir(join(folder, 'report'));
await copyFile('dist/report/page.html', join(folder, 'report/page.html'));
await mkdir(join(folder, 'schemas'));
for (const name of ['policy', 'cases', 'expected-requests'])
  await copyFile(`policies/${name}.schema.json`, join(folder, `schemas/${name}.schema.json`));
await copyFile('LICENSE', join(folder, 'LICENSE'));
const { thirdPartyLicenses } = await licensesModule();
await writeFile(join(folder, 'THIRD-PARTY-LICENSES'), await thirdPartyLicenses(metafile, process.cwd()));
const { version, description, license, engines } = JSON.parse(await readFile('package.json', 'utf8'));
const manifest = {
  name: 'postern-cli',
  version,
  description: `The command line tools of Postern. ${description}`,
  license,
  type: 'module',
  bin: { postern: 'bin/postern.mjs' },
  engines,
};
await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
await writeFile(
  join(folder, 'README.md'),
  `# Postern: the tools\n\n${description}\n\nThese are its command line tools, without the app: \`npx postern help\`.\n`,
);
const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', 'dist', `./${folder}`], {
  encoding: 'utf8',
});
console.log(join('dist', packed.trim()));

/** Loads what the app's package uses, too: it is written in TypeScript. */
async function licensesModule() {
  const { outputFiles } = await build({
    entryPoints: ['dev/package/third-party-licenses.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}
