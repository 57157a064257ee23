// Makes what a release consists of, in dist/release: the app's zip, the package of the tools, the compiled templates, the schemas,
// a bill of materials (CycloneDX) and SHA256SUMS. The same commit gives the same bytes.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { reproducibleSbom } from './release/sbom.mjs';

const run = (command, args) => execFileSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
const folder = 'dist/release';
const { name, version, dependencies } = JSON.parse(await readFile('package.json', 'utf8'));

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
run(process.execPath, ['dist/dev/package.mjs', '--out', folder]);
await rename(join(folder, 'postern.zip'), join(folder, `postern-${version}.zip`));
await rm(join(folder, 'package'), { recursive: true });
const tools = run(process.execPath, ['scripts/package-cli.mjs']).trim();
await copyFile(tools, join(folder, `postern-cli-${version}.tgz`));
for (const stage of ['stage-one', 'events', 'onboarding'])
  await copyFile(`infra/terraform/${stage}/template.json`, join(folder, `${stage}.template.json`));
for (const schema of ['policy', 'cases', 'expected-requests'])
  await copyFile(`policies/${schema}.schema.json`, join(folder, `${schema}.schema.json`));
const timestamp = new Date(run('git', ['log', '-1', '--format=%cI']).trim()).toISOString();
const sbom = run('npm', ['sbom', '--sbom-format', 'cyclonedx']);
await writeFile(
  join(folder, `postern-${version}.sbom.json`),
  reproducibleSbom(sbom, { name, timestamp, runtime: Object.keys(dependencies) }),
);

const lines = [];
for (const file of (await readdir(folder)).toSorted()) {
  const digest = createHash('sha256').update(await readFile(join(folder, file)));
  lines.push(`${digest.digest('hex')}  ${file}\n`);
}
await writeFile(join(folder, 'SHA256SUMS'), lines.join(''));
console.log(`${folder}: ${lines.length} files of ${name} ${version}`);
