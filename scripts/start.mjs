// `npm start`: builds and starts the system. A word first, such as `ask`, speaks to the system that runs already, whose
// files a build would replace.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const [word = ''] = process.argv.slice(2);
const isNew = word === '' || word.startsWith('-');
if (isNew || !existsSync('dist/dev/start.mjs')) {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}
await import('../dist/dev/start.mjs');
