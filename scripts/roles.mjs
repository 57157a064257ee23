// Writes infra/roles/*.json from src/azure/roles/role-definitions.ts: the roles hold what the adapters call, and
// target-types.json the rights for each type of target, for templates that take a list of them.
import { build } from 'esbuild';
import { mkdir, writeFile } from 'node:fs/promises';
import { format } from 'prettier';

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
