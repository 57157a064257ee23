// Writes infra/terraform/*/*.tf from the compiled templates beside them: their parameters become variables.
// `--check` writes nothing and fails if a file is not current. Run `npm run infra -- --write` first if Bicep has changed.
import { format } from '@cdktn/hcl-tools';
import { readFile, writeFile } from 'node:fs/promises';
import { filesOf, modules } from './terraform/module.mjs';

const isCheck = process.argv.includes('--check');
const old = [];
for (const [name, module] of Object.entries(modules)) {
  const folder = `infra/terraform/${name}`;
  const template = JSON.parse(await readFile(`${folder}/template.json`, 'utf8'));
  for (const [file, text] of Object.entries(filesOf(module, template))) {
    const path = `${folder}/${file}`;
    const formatted = `${(await format(text)).trimEnd()}\n`;
    if ((await readFile(path, 'utf8').catch(() => undefined)) === formatted) continue;
    old.push(path);
    if (!isCheck) await writeFile(path, formatted);
  }
}
if (isCheck && old.length > 0) {
  console.error(`Not what the templates compile to: ${old.join(', ')}. Run npm run terraform`);
  process.exit(1);
}
console.log(old.length === 0 ? 'The Terraform modules are current.' : `Written: ${old.join(', ')}`);
