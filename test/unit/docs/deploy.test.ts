import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText, snapshot } from '../../support/repo/infra';
import { linesOf, markdownFiles } from '../../support/repo/markdown';
import { projectRoot } from '../../support/repo/project';

const guide = markdownFiles().find(({ path }) => path === 'docs/deploy.md')!;
/** The commands of the guide, each on one line. */
const commands = linesOf(guide)
  .filter(({ text, isCode }) => isCode && !text.startsWith('```'))
  .map(({ text }) => text)
  .join('\n')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n');
const outputs = Object.keys(snapshot('stage-one-defaults').outputs);
/** What azd hands to stage one, and what stage two reads that no output is. */
const inputs = new Set(
  [
    ...readText('infra/main.parameters.json').matchAll(/\$\{(\w+)\}/g),
    ...readText('infra/events/main.bicepparam').matchAll(/readEnvironmentVariable\('(\w+)',/g),
  ].map(([, name = '']) => name),
);

test.each([
  'First deployment',
  'Upgrade and roll back',
  'Watch more, watch fewer',
  'A management group',
  'Two Posterns, and topics that are there',
  'Move to another region or subscription',
  'Close the network',
  'Remove',
])('there are commands for: %s', (heading) => {
  const [, section = ''] = guide.text.split(new RegExp(`^##+ ${heading}$`, 'm'));
  expect(section.split(/^##+ /m)[0]).toMatch(/^```\n[^`]+^```$/m);
});

describe('the commands', () => {
  const parametersOf = (path: string): { readonly all: string[]; readonly needed: string[] } => {
    const declared = [...readText(path).matchAll(/^param (\w+) \S+( =)?/gm)];
    return {
      all: declared.map(([, name = '']) => name),
      needed: declared.filter(([, , hasDefault]) => hasDefault === undefined).map(([, name = '']) => name),
    };
  };
  const deployments = commands.filter((one) => one.includes('--template-file'));

  test.each(deployments)('gives the template what it has, and all that it must have: %s', (command) => {
    const [, path = ''] = /--template-file (\S+)/.exec(command) ?? [];
    const given = [...(command.split('--parameters')[1] ?? '').matchAll(/(?:^|\s)(\w+)=/g)].map(
      ([, name = '']) => name,
    );
    const { all, needed } = parametersOf(path);
    expect(given.filter((name) => !all.includes(name))).toEqual([]);
    expect(needed.filter((name) => !given.includes(name))).toEqual([]);
  });

  test('deploy stage one and a management group', () => {
    expect(deployments).toHaveLength(2);
  });

  test('set variables of azd that are read, and use those that are set', () => {
    const text = commands.join('\n');
    const set = [...text.matchAll(/azd env set (\w+)/g)].map(([, name = '']) => name);
    expect(set.length).toBeGreaterThan(8);
    expect(set.filter((name) => !inputs.has(name))).toEqual([]);
    const used = [...text.matchAll(/\$(AZURE_\w+|POSTERN_\w+)/g)].map(([, name = '']) => name);
    const known = new Set([...outputs, 'AZURE_ENV_NAME', 'AZURE_LOCATION']);
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });

  test('read outputs that there are', () => {
    const asked = [...commands.join('\n').matchAll(/properties\.outputs\.(\w+)\./g)].map(
      ([, name = '']) => name,
    );
    expect(asked.filter((name) => !(name in snapshot('onboarding').outputs))).toEqual([]);
    expect(asked.length).toBeGreaterThan(0);
  });

  test('name remediation by what the policy set has', () => {
    const [set] = snapshot('onboarding').predictedResources.filter(({ type }) =>
      type.endsWith('/policySetDefinitions'),
    );
    const references = (
      set?.properties?.['policyDefinitions'] as { policyDefinitionReferenceId: string }[]
    ).map(({ policyDefinitionReferenceId }) => policyDefinitionReferenceId);
    expect(commands).toContain(`for kind in ${references.join(' ')}; do`);
  });

  test('run scripts and read files of the project', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: object };
    const text = commands.join('\n');
    const run = [...text.matchAll(/npm run (?:--silent )?(\w+)/g)].map(([, name = '']) => name);
    expect(run.filter((name) => !(name in scripts))).toEqual([]);
    const named = [...text.matchAll(/\binfra\/[\w/.-]+/g)].map(([path]) => path);
    expect(named.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });

  test('lift the lock that the template sets, before the resource group goes', () => {
    const [lock] = snapshot('stage-one-everything').predictedResources.filter(({ type }) =>
      type.endsWith('/locks'),
    );
    const lift = commands.findIndex((one) => one.startsWith(`az lock delete --name ${lock?.name} `));
    expect(lift).toBeGreaterThan(-1);
    expect(commands.findIndex((one) => one.startsWith('az group delete'))).toBeGreaterThan(lift);
  });
});

test('parameters in the text are those of a template', () => {
  const templates = ['infra/main.bicep', 'infra/events/main.bicep', 'infra/onboarding/main.bicep']
    .map(readText)
    .join('\n');
  const told = [
    ...guide.text.matchAll(/`([a-z]\w+)(?:=\w+)?`(?= of stage|:|=|;| bounds| alone| on a management)/g),
  ];
  const names = told
    .map(([, name = '']) => name)
    .filter((name) => !['endpoint', 'audit', 'postdeploy'].includes(name));
  expect(names.length).toBeGreaterThan(10);
  expect(
    names.filter((name) => !new RegExp(`^param ${name} |^type ${name}|^  ${name}: `, 'm').test(templates)),
  ).toEqual([]);
});

test('azd provision is told to look where nothing but the deployment has changed', () => {
  // It compares files and values with those of the last time, and does nothing if they are the same.
  const lines = markdownFiles().flatMap((file) => linesOf(file).map(({ text }) => `${file.path}: ${text}`));
  const repairs = lines.filter((line) =>
    /provision(?:ed)? (?:both stages )?again|set(?:s)? right what|are set back/i.test(line),
  );
  expect(repairs.length).toBeGreaterThan(2);
  expect(repairs.filter((line) => !line.includes('--no-state'))).toEqual([]);
});
