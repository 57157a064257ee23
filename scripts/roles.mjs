// Writes infra/roles/*.json from src/azure/roles/role-definitions.ts: the roles hold what the adapters call.
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
const { roleDefinitions } = await import(`data:text/javascript;base64,${code}`);

await mkdir('infra/roles', { recursive: true });
for (const [name, role] of Object.entries(roleDefinitions)) {
  const text = await format(JSON.stringify(role, undefined, 2), { parser: 'json' });
  await writeFile(`infra/roles/${name}.json`, text);
}
