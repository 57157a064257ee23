import { runCommand } from '../lib/cli-options';
import { projectRootOf } from '../lib/project-root';
import { readOptions } from './options';
import { runChaos } from './run';

await runCommand(async () => {
  const report = await runChaos({
    ...readOptions(process.argv.slice(2)),
    root: projectRootOf(import.meta.url),
    print: (text) => console.error(text),
  });
  console.log(JSON.stringify(report));
  return report.violationCount === 0 ? 0 : 1;
});
