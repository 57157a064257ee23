// Writes the JSON Schemas beside the shipped policy, as the tools print them: for a policy, its test cases and announced
// requests. `--check` changes nothing and fails if one is not current. The tools must be built.
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { format } from 'prettier';

const files = { policy: [], cases: ['--cases'], 'expected-requests': ['--expected'] };
const isCheck = process.argv.includes('--check');

for (const [name, options] of Object.entries(files)) {
  const path = `policies/${name}.schema.json`;
  const printed = execFileSync(process.execPath, ['dist/dev/postern.mjs', 'schema', ...options], {
    encoding: 'utf8',
  });
  const text = await format(printed, { parser: 'json', printWidth: 110 });
  const present = await readFile(path, 'utf8').catch(() => '');
  if (present === text) continue;
  if (isCheck) {
    console.error(`${path} is not current: npm run schemas`);
    process.exitCode = 1;
  } else {
    await writeFile(path, text);
    console.log(`Written: ${path}`);
  }
}
