import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { commands } from '../../../src/cli/run-cli';
import { runTool } from '../../support/rigs/cli';

const run = promisify(execFile);

async function scriptFor(shell: string): Promise<string> {
  const { exitCode, output } = await runTool(['completion', shell]);
  expect(exitCode).toBe(0);
  return `${output.join('\n')}\n`;
}

/** Lets bash complete the last word of a command line. */
async function completed(...words: readonly string[]): Promise<readonly string[]> {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const asked = `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _postern; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['-euc', `${await scriptFor('bash')}${asked}`], { cwd: __dirname });
  return stdout.split('\n').filter((line) => line !== '');
}

test('bash completes the names of tools', async () => {
  expect(await completed('postern', 'va')).toEqual(['validate']);
  expect([...(await completed('postern', ''))].sort()).toEqual([...commands.keys(), 'help'].sort());
});

test('bash completes the options of a tool, and paths otherwise', async () => {
  expect(await completed('postern', 'test', '--thr')).toEqual(['--threshold']);
  expect(await completed('postern', 'validate', '--')).toEqual(['--strict', '--json', '--format', '--help']);
  expect(await completed('postern', 'validate', 'completion.t')).toEqual(['completion.test.ts']);
});

test.each(['zsh', 'fish', 'powershell'])('the script for %s names every tool and option', async (shell) => {
  const script = await scriptFor(shell);
  for (const [name, { options }] of commands) {
    expect(script).toContain(name);
    for (const option of Object.keys(options))
      expect(script).toContain(shell === 'fish' ? `-l ${option}` : `--${option}`);
  }
});

test('no summary ends the quotes that it stands in', () => {
  for (const { summary } of commands.values()) expect(summary).not.toMatch(/['\\\n]/);
});

test.each([
  ['tcsh', 'unknown shell tcsh: '],
  ['zhs', 'unknown shell zhs: did you mean `zsh`?'],
])('for %s there is no script', async (shell, message) => {
  const { exitCode, errors } = await runTool(['completion', shell]);
  expect(exitCode).toBe(2);
  expect(errors[0]).toContain(message);
});
