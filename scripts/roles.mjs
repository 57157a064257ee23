// Writes infra/roles/*.json from src/azure/roles/role-definitions.ts: the roles hold what the adapters call, and
// target-types.json the rights for each type of target, for templates that take a list of them. infra/roles/deployers holds what
// people and pipelines need who deploy the compiled templates.
import { build } from 'esbuild';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { deployerRoles } from './roles/deployers.mjs';

const { outputFiles } = await build({
  entryPoints: ['src/azure/roles/role-definitions.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
});
const code = Buffer.from(outputFiles[0].contents).toString('base64');
const { roleDefinitions, typeRights } = await import(`data:text/javascript;base64,${code}`);

await mkdir('infra/roles', { recursive: true });
for (const [name, role] of Object.entries({ ...roleDefinitions, 'target-types': typeRights })) {
  const text = await format(JSON.stringify(role, undefined, 2), { parser: 'json', printWidth: 110 });
  await writeFile(`infra/roles/${name}.json`, text);
}

const readJson = async (path) => JSON.parse(await readFile(path, 'utf8'));
const stages = ['stage-one', 'events', 'onboarding'];
const templates = await Promise.all(stages.map((name) => readJson(`infra/terraform/${name}/template.json`)));
const deployers = deployerRoles(
  Object.fromEntries(stages.map((name, index) => [name, templates[index]])),
  await readJson('infra/onboarding/role.json'),
);
await mkdir('infra/roles/deployers', { recursive: true });
for (const [name, role] of Object.entries(deployers)) {
  const text = await format(JSON.stringify(role, undefined, 2), { parser: 'json', printWidth: 110 });
  await writeFile(`infra/roles/deployers/${name}.json`, text);
}
