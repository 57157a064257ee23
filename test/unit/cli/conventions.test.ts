import { version } from '../../../package.json';
import { commands } from '../../../src/cli/run-cli';
import { formatsOf } from '../../../src/cli/formats/formats';
import { runTool } from '../../support/rigs/cli';

const names = [...commands.keys()];

test.each(['--version', '-V'])('%s prints the version of the package', async (option) => {
  expect(await runTool([option])).toEqual({ exitCode: 0, output: [`postern ${version}`], errors: [] });
});

test.each(names)('help %s prints what --help prints', async (name) => {
  const help = await runTool(['help', name]);
  expect(help.exitCode).toBe(0);
  expect(help.output[0]).toContain(`Usage: postern ${name}`);
  expect(help).toEqual(await runTool([name, '--help']));
});

test.each(names)('the help of %s explains every option that it takes, and no other one', async (name) => {
  const { output } = await runTool(['help', name]);
  const explained = output.flatMap((line) => /^ {2}(?:-\w, )?--([a-z-]+)/.exec(line)?.[1] ?? []);
  const command = commands.get(name)!;
  const formats = formatsOf(command).length > 0 ? ['format'] : [];
  expect([...explained].sort()).toEqual([...Object.keys(command.options), ...formats, 'help'].sort());
});

test('a tool that is almost named is asked for', async () => {
  const { exitCode, output, errors } = await runTool(['valdate']);
  expect({ exitCode, output, errors }).toEqual({
    exitCode: 2,
    output: [],
    errors: ['There is no tool "valdate": did you mean `validate`?'],
  });
  expect(await runTool(['help', 'valdate'])).toMatchObject({ exitCode: 2, errors });
});

test.each([
  [['validate', '--stricct'], 'There is no option --stricct: did you mean `--strict`?'],
  [['test', '--threshhold=4'], 'There is no option --threshhold: did you mean `--threshold`?'],
  [['explain', '--polcy', 'p'], 'There is no option --polcy: did you mean `--policy`?'],
])('%j asks for the option that is meant', async (args, message) => {
  const { exitCode, errors } = await runTool(args);
  expect({ exitCode, errors }).toEqual({
    exitCode: 2,
    errors: [message, `For usage, run postern ${args[0]} --help.`],
  });
});

test('an option without its value is wrong usage', async () => {
  const { exitCode, errors } = await runTool(['test', '--threshold']);
  expect(exitCode).toBe(2);
  expect(errors[0]).toContain('--threshold');
});

test('what follows -- is no option: a path may look like one', async () => {
  const files = { '--help': 'version: 1\nrules: x', '--format': 'version: 1\n' };
  expect(await runTool(['validate', '--', '--help'], { files })).toMatchObject({ exitCode: 1 });
  const { exitCode, output } = await runTool(['validate', '--json', '--', '--format'], { files });
  expect(exitCode).toBe(0);
  expect(JSON.parse(output.join('\n'))).toMatchObject({ policies: [{ path: '--format', loads: true }] });
});
