// Writes how long recorded operations took (data/recorded-durations.json) and what the app is told of it
// (src/operations/pace/duration-table.json): run it after a change of the recordings. With --check it only compares.
import { build } from 'esbuild';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { observationsOfRecording, observationsOfTimings, recentOnly } from './durations/observations.mjs';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'test/data/recordings');
const read = (path) => JSON.parse(readFileSync(path, 'utf8'));
const evidence = new Map(
  read(join(root, 'data/private-link-types.json')).types.map((row) => [row.type, row]),
);

const observations = recentOnly([
  ...observationsOfTimings(read(join(folder, 'timings.json'))),
  ...readdirSync(join(folder, 'types'))
    .sort()
    .flatMap((name) => observationsOfFile(read(join(folder, 'types', name)))),
]);

function observationsOfFile({ type, recordings = [] }) {
  const { terminal, terminalByStatus = {} } = evidence.get(type)?.states ?? {};
  const states = [...(terminal ?? []), ...Object.values(terminalByStatus).flat()];
  return recordings.flatMap(({ source, interactions }) =>
    observationsOfRecording({ type, terminal: states, recorded: source.recorded, interactions }),
  );
}

const { outputFiles } = await build({
  entryPoints: [join(root, 'src/operations/pace/recorded-durations.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
});
const code = Buffer.from(outputFiles[0].contents).toString('base64');
const { tableOf } = await import(`data:text/javascript;base64,${code}`);

const stale = [];
await keep('data/recorded-durations.json', observations);
await keep('src/operations/pace/duration-table.json', tableOf(observations));
if (process.argv.includes('--check') && stale.length > 0) {
  process.stderr.write(`Not as the recordings say, run node scripts/durations.mjs: ${stale.join(', ')}\n`);
  process.exitCode = 1;
}

async function keep(path, value) {
  const text = await format(JSON.stringify(value), { parser: 'json', printWidth: 110 });
  if (text !== current(path)) stale.push(path);
  if (!process.argv.includes('--check')) writeFileSync(join(root, path), text);
}

function current(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
}
