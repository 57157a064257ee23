import { format } from '@cdktn/hcl-tools';
import { posix } from 'node:path';
import { filesOf, modules, type CompiledTemplate } from '../../../scripts/terraform/module.mjs';
import { readText } from '../../support/repo/infra';
import { configurationIn } from '../../support/repo/terraform';

interface Parameter {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: object;
  readonly defaultValue?: unknown;
  readonly allowedValues?: readonly unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minValue?: number;
  readonly maxValue?: number;
  readonly metadata: { readonly description: string };
}

const templateOf = (name: string): CompiledTemplate =>
  JSON.parse(readText(`infra/terraform/${name}/template.json`)) as CompiledTemplate;
/** What only a template can compute. */
const computed = ['watchedSubscriptions', 'dataPublicNetworkAccess', 'consoleTenantId', 'lockLedger'];
const snake = (name: string): string =>
  name
    .replace('MB', 'Mb')
    .replaceAll(/(?<=[a-z\d])[A-Z]/g, (letter) => `_${letter}`)
    .toLowerCase();

describe.each(Object.entries(modules))('the module %s', (name, place) => {
  const folder = `infra/terraform/${name}`;
  const template = templateOf(name);
  const parameters = Object.entries(template.parameters) as [string, Parameter][];

  test.each(Object.entries(filesOf(place, template)))('has a current, formatted %s', async (file, text) => {
    const committed = readText(`${folder}/${file}`);
    expect(committed).toBe(`${(await format(text)).trimEnd()}\n`);
    expect(`${(await format(committed)).trimEnd()}\n`).toBe(committed);
  });

  test('has a variable for each parameter, and beside them only the place', async () => {
    const { variable } = await configurationIn(folder);
    const names = parameters.map(([parameter]) => snake(parameter));
    expect(Object.keys(variable).toSorted()).toEqual([...names, ...Object.keys(place.own)].toSorted());
  });

  test.each(parameters)('has the default and the description of %s', async (parameter, schema) => {
    const { variable } = await configurationIn(folder);
    const { [snake(parameter)]: block } = variable;
    expect(block?.description).toMatch(schema.metadata.description);
    const isComputed = computed.includes(parameter) && schema.defaultValue !== undefined;
    expect(block?.nullable).toBe(isComputed);
    if (isComputed) expect([block?.default, block?.description?.includes(' Null: ')]).toEqual([null, true]);
    else expect(block?.default).toEqual(schema.defaultValue);
  });

  test.each(parameters)('has the type and the bounds of %s', async (parameter, schema) => {
    const { variable } = await configurationIn(folder);
    const { type = '', validation = [] } = variable[snake(parameter)]!;
    const kinds: Record<string, RegExp> = {
      string: /^\$\{string\}$/,
      int: /^\$\{number\}$/,
      bool: /^\$\{bool\}$/,
      array: /^\$\{list\((string|object)/,
    };
    expect(type).toMatch(schema.$ref === undefined ? kinds[schema.type ?? '']! : /^\$\{map\(string\)\}$/);
    const conditions = validation.map(({ condition }) => condition).join('\n');
    const { allowedValues, minLength, maxLength, minValue, maxValue } = schema;
    if (allowedValues !== undefined)
      expect(conditions).toContain(
        `contains([${allowedValues.map((one) => JSON.stringify(one)).join(', ')}], `,
      );
    if (minLength !== undefined) expect(conditions).toContain(`) >= ${minLength}`);
    if (maxLength !== undefined) expect(conditions).toContain(`) <= ${maxLength}`);
    if (minValue !== undefined) expect(conditions).toContain(` >= ${minValue}`);
    if (maxValue !== undefined) expect(conditions).toContain(` <= ${maxValue}`);
  });

  test('gives each parameter its variable, and each output of the template a name', async () => {
    const { output } = await configurationIn(folder);
    const text = readText(`${folder}/parameters.tf`);
    for (const [parameter] of parameters)
      expect(text).toMatch(
        new RegExp(`^ +${parameter} += (?:\\[for one in )?var\\.${snake(parameter)}\\b`, 'm'),
      );
    const named = Object.values(output).map(({ value }) => /\["(\w+)"\]/.exec(value ?? '')?.[1]);
    expect(named.toSorted()).toEqual(
      Object.keys(template.outputs)
        .map((one) => one.toLowerCase())
        .toSorted(),
    );
  });

  test('deploys where and under the name that the Azure CLI does, so that either can follow the other', async () => {
    const { resource } = await configurationIn(folder);
    const deployment = resource['azapi_resource.deployment'];
    const [, cliName = ''] = /--name "(postern-[^"]+)"/.exec(commandFor(name)) ?? [];
    expect(deployment?.['name']).toBe(cliName.replace('$AZURE_ENV_NAME', '${var.environment_name}'));
    const schema = (JSON.parse(readText(`${folder}/template.json`)) as { $schema: string }).$schema;
    expect(deployment?.['parent_id']).toMatch(
      schema.includes('/managementGroup')
        ? /^\/providers\/Microsoft\.Management\/managementGroups\//
        : /^\/subscriptions\//,
    );
  });
});

/** The command of deploy.yml for the same template. */
function commandFor(name: string): string {
  const template = {
    'stage-one': 'infra/main',
    events: 'infra/events/main',
    onboarding: 'infra/onboarding/main',
  }[name];
  const commands = readText('.github/workflows/deploy.yml').split(/(?=az deployment )/);
  return commands.find((one) => one.includes(`--template-file ${template}.bicep`)) ?? '';
}

describe('the example of forty subscriptions', () => {
  const folder = 'docs/examples/forty-subscriptions';

  test('is formatted', async () => {
    const text = readText(`${folder}/main.tf`);
    expect(`${(await format(text)).trimEnd()}\n`).toBe(text);
  });

  test('gives each module what it has, and all that it must have', async () => {
    const { module } = await configurationIn(folder);
    expect(Object.keys(module).toSorted()).toEqual(['events', 'onboarding', 'stage_one']);
    for (const { source = '', count: _, ...given } of Object.values(module)) {
      const { variable } = await configurationIn(posix.normalize(`${folder}/${source}`));
      expect(Object.keys(given).filter((name) => !(name in variable))).toEqual([]);
      const must = Object.entries(variable).filter(([, block]) => !('default' in block));
      expect(must.map(([name]) => name).filter((name) => !(name in given))).toEqual([]);
    }
  });

  test('reads outputs that the modules have', async () => {
    const text = readText(`${folder}/main.tf`);
    const read = [...text.matchAll(/module\.(\w+)(?:\[\*\])?\.(\w+)/g)];
    expect(read.length).toBeGreaterThan(5);
    for (const [, name = '', output = ''] of read) {
      const { output: outputs } = await configurationIn(`infra/terraform/${name.replace('_', '-')}`);
      expect(Object.keys(outputs)).toContain(output);
    }
  });
});
