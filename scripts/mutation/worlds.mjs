import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A mutant may wait for ever. Worlds take seconds each on a busy machine. */
const longestMinutes = 15;

/**
 * Creates a judge of mutants that no test has found: it bundles the app with the mutant and runs simulated worlds of
 * fixed seeds, which must break a law. Fails at once if they do so without any mutant.
 * @param {string} root the project's folder
 * @param {number} worlds how many worlds a mutant must survive, from seed 1
 * @returns {(mutant: { file: string, text: string }) => boolean} tells whether the worlds find a mutant.
 */
export function createWorldJudge(root, worlds) {
  const folder = join(root, 'dist/explore/mutant');
  mkdirSync(folder, { recursive: true });
  const findsNothing = (file, text) => {
    const textFile = join(folder, 'mutant.txt');
    writeFileSync(textFile, text);
    const build = run(root, ['scripts/build-explore.mjs', 'mutant', file, textFile]);
    if (build.status !== 0)
      throw new Error(`The explorer cannot be built with ${file} changed: ${build.stderr}`);
    const args = ['--broken', 'mutant', '--from', '1', '--worlds', String(worlds), '--processes', '1'];
    const { status, signal, error } = run(root, [join(folder, 'explore.mjs'), ...args]);
    if (error !== undefined && signal === null) throw error;
    return status === 0;
  };
  let isChecked = false;
  return ({ file, text, source }) => {
    if (!isChecked && !findsNothing(file, source))
      throw new Error('The worlds break a law without any mutant');
    isChecked = true;
    return !findsNothing(file, text);
  };
}

function run(root, args) {
  const env = { ...process.env, POSTERN_EXPLORE_BUILD: 'mutant' };
  const timeout = longestMinutes * 60_000;
  return spawnSync(process.execPath, args, { cwd: root, env, encoding: 'utf8', timeout });
}
