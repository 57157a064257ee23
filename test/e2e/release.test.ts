import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../support/repo/project';

const folder = join(projectRoot, 'dist/release');
const { version, dependencies } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
};

function release(): string {
  execFileSync(process.execPath, ['scripts/release.mjs'], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return readFileSync(join(folder, 'SHA256SUMS'), 'utf8');
}

test('a release has every part, with its checksum, and the same bytes twice', () => {
  const sums = release();
  const files = readdirSync(folder).filter((name) => name !== 'SHA256SUMS');
  expect(files).toEqual([
    'cases.schema.json',
    'events.template.json',
    'expected-requests.schema.json',
    'onboarding.template.json',
    'policy.schema.json',
    `postern-${version}.sbom.json`,
    `postern-${version}.zip`,
    `postern-cli-${version}.tgz`,
    'stage-one.template.json',
  ]);
  expect(sums.trim().split('\n')).toEqual(
    files.map((name) => {
      const digest = createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex');
      return `${digest}  ${name}`;
    }),
  );
  const { components } = JSON.parse(readFileSync(join(folder, `postern-${version}.sbom.json`), 'utf8')) as {
    components: { name: string; version: string }[];
  };
  for (const [name, wanted] of Object.entries(dependencies))
    expect(components).toContainEqual(expect.objectContaining({ name, version: wanted }));
  expect(release()).toBe(sums);
}, 180_000);
