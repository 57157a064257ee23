import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import './app/packages';
import { registered } from '../../functions/register';
import { appRoles } from '../lib/app-roles';
import { runCommand } from '../lib/cli-options';
import { projectRootOf } from '../lib/project-root';
import { readOptions } from './options';
import { explore } from './explore';

await registered;
await runCommand(async () => {
  const root = projectRootOf(import.meta.url);
  return explore(readOptions(process.argv.slice(2)), {
    root,
    policy: readFileSync(join(root, 'dev/chaos/policy/chaos.yaml'), 'utf8'),
    roles: appRoles,
    print: (text) => console.log(text),
    note: (text) => console.error(text),
  });
});
