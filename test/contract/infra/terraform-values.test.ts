import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../support/repo/project';

const isThere = spawnSync('terraform', ['version']).status === 0;
// Without the provider, which only HashiCorp's registry has: the variables, and what they give the template.
const run = isThere ? test : test.skip;
const needed = { environment_name: 'prod', location: 'westeurope', subscription_id: 'home' };
const folders: string[] = [];

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function planOf(
  module: string,
  variables: object,
): { readonly status: number | null; readonly said: string; readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'postern-terraform-'));
  folders.push(folder);
  for (const name of ['variables.tf', 'parameters.tf'])
    cpSync(join(projectRoot, 'infra/terraform', module, name), join(folder, name));
  writeFileSync(join(folder, 'shown.tf'), 'output "parameters" {\n  value = local.parameters\n}\n');
  writeFileSync(join(folder, 'terraform.tfvars.json'), JSON.stringify(variables));
  const options = {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CHECKPOINT_DISABLE: '1' },
  } as const;
  const { status, stdout, stderr } = spawnSync(
    'terraform',
    ['plan', '-input=false', '-no-color', '-out=plan'],
    options,
  );
  return { status, said: `${stdout}${stderr}`.replaceAll(/\s+/g, ' '), folder };
}

function parametersOf(module: string, variables: object): Record<string, { value: unknown }> {
  const { status, said, folder } = planOf(module, variables);
  if (status !== 0) throw new Error(said);
  const json = execFileSync('terraform', ['show', '-json', 'plan'], { cwd: folder, encoding: 'utf8' });
  const plan = JSON.parse(json) as { planned_values: { outputs: { parameters: { value: never } } } };
  return plan.planned_values.outputs.parameters.value;
}

run('Terraform gives stage one what is set, the defaults, and leaves out what the template computes', () => {
  const parameters = parametersOf('stage-one', {
    ...needed,
    operators: [{ principal_id: 'someone', principal_type: 'User' }],
    instance_memory_mb: 2048,
  });
  expect(parameters).toMatchObject({
    environmentName: { value: 'prod' },
    operators: { value: [{ principalId: 'someone', principalType: 'User' }] },
    instanceMemoryMB: { value: 2048 },
    sweepSchedule: { value: '0 */15 * * * *' },
    tags: { value: {} },
  });
  for (const name of ['watchedSubscriptions', 'lockLedger', 'consoleTenantId', 'subscriptionId'])
    expect(parameters).not.toHaveProperty(name);
});

run('Terraform gives stage two the topics that are there under the names of the template', () => {
  const ids = { function_app_id: '/app', storage_account_id: '/account', events_identity_id: '/identity' };
  const topic = { subscription_id: 'one', operations_topic_id: '/topic', carry_identity: true };
  const { existingTopics } = parametersOf('events', {
    ...needed,
    ...ids,
    watched_subscriptions: ['one'],
    existing_topics: [topic],
  });
  expect(existingTopics?.value).toEqual([
    { subscriptionId: 'one', operationsTopicId: '/topic', notificationsTopicId: null, carryIdentity: true },
  ]);
});

run.each([
  [{ policy_mode: 'Enforce' }, 'policy_mode must be one of "audit", "enforce", "policy".'],
  [{ arm_reserve_percent: 96 }, 'arm_reserve_percent must be at most 95.'],
  [{ arm_reserve_percent: 2.5 }, 'arm_reserve_percent must be a whole number.'],
  [{ watched_subscriptions: [] }, 'watched_subscriptions must not be empty.'],
  [
    { operators: [{ principal_id: 'x', principal_type: 'Robot' }] },
    'operators must have a principal_type of',
  ],
  [{ data_public_network_access: 'off' }, 'data_public_network_access must be one of "Enabled", "Disabled".'],
])('Terraform refuses %j before it asks Azure', (wrong, sentence) => {
  const { status, said } = planOf('stage-one', { ...needed, ...wrong });
  expect([status, said]).toEqual([1, expect.stringContaining(sentence)]);
});
