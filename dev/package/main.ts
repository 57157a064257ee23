import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../lib/cli-options';
import { projectRootOf } from '../lib/project-root';
import { requirePolicy } from '../start/require-policy';
import { PackageError } from './errors';
import { packageFiles } from './package-files';
import { zipOf, type PackageFiles } from './zip';

const root = projectRootOf(import.meta.url);

/** Writes the package as a folder and as a zip with the same contents. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'dist') } } });
  const folder = join(resolve(values.out), 'package');
  const zipFile = join(resolve(values.out), 'postern.zip');
  // With a policy that does not load, the deployed app would decide nothing.
  await requirePolicy(join(root, 'policies'));
  const files = await packageFiles(root);
  const zip = zipOf(files);
  await rm(folder, { recursive: true, force: true });
  await writeFolder(folder, files);
  await writeFile(zipFile, zip);
  const digest = createHash('sha256').update(zip).digest('hex');
  console.log(`${zipFile}: ${files.size} files, ${zip.length} bytes, sha256 ${digest}`);
}

async function writeFolder(folder: string, files: PackageFiles): Promise<void> {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

try {
  await main();
} catch (error) {
  const isForPeople = error instanceof PackageError || error instanceof UsageError;
  console.error(isForPeople ? error.message : error);
  process.exitCode = 1;
}
