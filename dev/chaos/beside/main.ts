import { join } from 'node:path';
import { runCommand, UsageError } from '../../lib/cli-options';
import { projectRootOf } from '../../lib/project-root';
import { recordRelease } from './record';

const usage = `npm run record-release -- COMMIT
Runs the app of an earlier commit in the local Azure, kills it, and writes what it has left in storage to
test/data/upgrade/COMMIT.json. Takes about five minutes.`;

await runCommand(async () => {
  const [commit = ''] = process.argv.slice(2);
  if (!/^[0-9a-f]{7,40}$/.test(commit)) throw new UsageError(usage);
  const root = projectRootOf(import.meta.url);
  const { tables, queues, blobs } = await recordRelease(
    root,
    commit,
    join(root, 'test/data/upgrade', `${commit}.json`),
  );
  const counts = (of: Readonly<Record<string, object>>): Record<string, number> =>
    Object.fromEntries(Object.entries(of).map(([name, all]) => [name, Object.keys(all).length]));
  console.log(
    JSON.stringify({ commit, tables: counts(tables), queues: counts(queues), blobs: counts(blobs) }),
  );
  return 0;
});
