import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOptions, UsageError } from './options';
import { runChaos } from './run';

function projectRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : projectRoot(dirname(folder));
}

try {
  const report = await runChaos({
    ...readOptions(process.argv.slice(2)),
    root: projectRoot(dirname(fileURLToPath(import.meta.url))),
    tell: (text) => console.error(text),
  });
  console.log(JSON.stringify(report));
  process.exitCode = report.violationCount === 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
