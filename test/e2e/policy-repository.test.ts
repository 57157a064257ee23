import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { runBash as runBashIn } from '../support/repo/bash';
import { commandsIn } from '../support/repo/pipeline-runners';
import { type Finished, projectRoot } from '../support/repo/project';

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

const action = parse(readFileSync(join(projectRoot, 'action.yml'), 'utf8')) as Action;
const examples = join(projectRoot, 'docs/examples');
const hostile = 'a"b\'c $(touch stolen) `touch stolen` ; touch stolen\n::error::forged\nexit-code=0';

let folder: string;
const runBash = (script: string, environment: Readonly<Record<string, string>>): Promise<Finished> =>
  runBashIn(script, { folder, environment });
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'policy-repository-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a step as the runner does: `inputs` become environment variables by the step's expressions. */
function runStep(
  id: string,
  inputs: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const step = action.runs.steps.find((each) => each.id === id);
  const values = Object.entries(step?.env ?? {}).map(([name, text]) => [name, valueOf(text, inputs)]);
  return runBash(step?.run ?? 'false', {
    GITHUB_OUTPUT: join(folder, 'output'),
    RUNNER_TEMP: folder,
    ...(Object.fromEntries(values) as Record<string, string>),
    ...more,
  });
}

function valueOf(text: string, inputs: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{ *([\w.-]+) *\}\}/g, (_, expression: string) => {
    if (expression === 'github.action_path') return projectRoot;
    const name = expression.replace(/^inputs\./, '');
    return inputs[name] ?? action.inputs[name]?.default ?? '';
  });
}

function outputs(): Record<string, string> {
  const lines = readFileSync(join(folder, 'output'), 'utf8').trimEnd().split('\n');
  return Object.fromEntries(
    lines.map((line) => [line.split('=')[0] ?? '', line.slice(line.indexOf('=') + 1)]),
  );
}

test('no script contains an expression, and every input reaches one', () => {
  const { steps } = action.runs;
  for (const { run = '' } of steps) expect(run).not.toContain('${{');
  const used = JSON.stringify(steps);
  for (const input of Object.keys(action.inputs)) expect(used).toContain(`inputs.${input}`);
});

test('validate annotates a broken policy at its place and fails', async () => {
  cpSync(join(examples, 'broken.yaml'), join(folder, 'broken.yaml'));
  const { code, stdout } = await runStep('run', { command: 'validate', policy: 'broken.yaml' });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^::error file=broken\.yaml,line=\d+/m);
  expect(outputs()).toEqual({ 'exit-code': '1' });
});

test('test passes for a good policy, and annotates the case that fails', async () => {
  cpSync(join(projectRoot, 'policies'), join(folder, 'policies'), { recursive: true });
  expect(await runStep('run', { command: 'test' })).toMatchObject({ code: 0 });
  const cases = join(folder, 'policies/default.cases.yaml');
  writeFileSync(cases, readFileSync(cases, 'utf8').replace('AAAAAAAA-', 'CCCCCCCC-'));
  const { code, stdout } = await runStep('run', { command: 'test' });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^::error file=policies\/default\.cases\.yaml/m);
});

test.each(['policy', 'from', 'current', 'threshold', 'timeout', 'id', 'command'])(
  'a hostile %s runs nothing and forges no output',
  async (input) => {
    const command = { from: 'simulate', current: 'simulate', threshold: 'test', timeout: 'wait', id: 'wait' };
    for (const value of [hostile, '--help']) {
      const id = '/subscriptions/s/resourceGroups/g';
      const inputs = {
        command: 'validate',
        id,
        ...(input in command && { command: command[input as 'from'] }),
      };
      const { code, stdout } = await runStep('run', { ...inputs, [input]: value });
      expect(code).not.toBe(0);
      expect(existsSync(join(folder, 'stolen'))).toBe(false);
      expect(commandsIn(stdout).filter((line) => !line.startsWith('::error file='))).toEqual([]);
      if (existsSync(join(folder, 'output')))
        expect(readFileSync(join(folder, 'output'), 'utf8')).toMatch(
          /^(exit-code=[1-9]\n|plan-file=\S+\n)+$/,
        );
    }
  },
);

test('a policy whose path is hostile is validated as any other', async () => {
  mkdirSync(join(folder, '-n $(touch stolen) "'));
  cpSync(join(examples, 'policy.yaml'), join(folder, '-n $(touch stolen) "', 'p.yaml'));
  const { code } = await runStep('run', { command: 'validate', policy: '-n $(touch stolen) "' });
  expect(code).toBe(0);
  expect(existsSync(join(folder, 'stolen'))).toBe(false);
});

test('each step of the example repository passes in it', async () => {
  cpSync(join(examples, 'policy-repository'), folder, { recursive: true });
  const workflow = parse(readFileSync(join(folder, '.github/workflows/policy.yml'), 'utf8')) as {
    readonly jobs: {
      readonly check: { readonly steps: readonly { readonly with: Record<string, string> }[] };
    };
  };
  const steps = workflow.jobs.check.steps.filter((step) => 'command' in step.with);
  expect(steps.map((step) => step.with['command'])).toEqual(['validate', 'test', 'simulate']);
  for (const step of steps) {
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step.with)));
    expect(await runStep('run', step.with)).toMatchObject({ code: 0, stderr: '' });
  }
});

test('Azure Pipelines gets every parameter by the environment, and its script runs the tool', async () => {
  const template = parse(readFileSync(join(projectRoot, 'ci/azure-pipelines.yml'), 'utf8')) as {
    readonly parameters: readonly { readonly name: string }[];
    readonly steps: readonly { readonly bash: string; readonly env: Readonly<Record<string, string>> }[];
  };
  const [{ bash, env } = { bash: '', env: {} }] = template.steps;
  expect(bash).not.toContain('${{');
  const text = JSON.stringify(template.steps);
  for (const { name } of template.parameters) expect(text).toContain(`parameters.${name} }`);
  cpSync(join(projectRoot, 'policies'), join(folder, 'policies'), { recursive: true });
  const values = { home: projectRoot, command: 'test', policy: 'policies', threshold: '0' };
  const environment = Object.entries(env).map(([name, value]) => [
    name,
    value.replace(/\$\{\{ parameters\.(\w+) \}\}/, (_, key: 'home') => values[key] ?? ''),
  ]);
  const { code } = await runBash(bash, Object.fromEntries(environment) as Record<string, string>);
  expect(code).toBe(0);
});

test('the hooks of pre-commit are scripts that fail for a broken policy', async () => {
  const hooks = parse(readFileSync(join(projectRoot, '.pre-commit-hooks.yaml'), 'utf8')) as {
    readonly entry: string;
  }[];
  expect(hooks).toHaveLength(2);
  cpSync(join(examples, 'broken.yaml'), join(folder, 'broken.yaml'));
  for (const { entry } of hooks)
    expect(
      (await runBash(`"$HOME_OF_HOOKS"/${entry} broken.yaml`, { HOME_OF_HOOKS: projectRoot })).code,
    ).toBeGreaterThan(0);
});

describe('a plan on a pull request', () => {
  const calls: { method: string; url: string; token: string; body: string }[] = [];
  let earlier: object[] = [];
  let status = 200;
  let server: Server;
  beforeEach(async () => {
    calls.length = 0;
    earlier = [];
    status = 200;
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const body = text === '' ? '' : (JSON.parse(text) as { body: string }).body;
        calls.push({ method, url, token: headers.authorization ?? '', body });
        response.writeHead(status).end(JSON.stringify(method === 'GET' ? earlier : {}));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  async function comment(message: string): Promise<Finished> {
    const line = readFileSync(join(examples, 'connections.jsonl'), 'utf8').split('\n')[0] ?? '';
    const parsed = JSON.parse(line) as { connection: { message: string; name: string } };
    parsed.connection.message = message;
    writeFileSync(join(folder, 'from.jsonl'), `${JSON.stringify(parsed)}\n`);
    const quoted = JSON.stringify(`Because ${message}`);
    const rule = `  - name: r\n    effect: approve\n    when: "true"\n    reason: ${quoted}\n`;
    writeFileSync(join(folder, 'p.yaml'), `version: 1\nmode: enforce\nrules:\n${rule}`);
    const inputs = { command: 'simulate', policy: 'p.yaml', from: 'from.jsonl' };
    const current = join(examples, 'policy.yaml');
    expect(await runStep('run', { ...inputs, current })).toMatchObject({ code: 0, stderr: '' });
    writeFileSync(
      join(folder, 'event.json'),
      JSON.stringify({ pull_request: { number: 7, title: hostile } }),
    );
    const { port } = server.address() as AddressInfo;
    return runStep('comment', inputs, {
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_REPOSITORY: 'contoso/policies',
      GITHUB_EVENT_PATH: join(folder, 'event.json'),
      GITHUB_TOKEN: 'token-of-the-job',
      POSTERN_PLAN_FILE: outputs()['plan-file'] ?? '',
    });
  }

  test('is commented once, and is inert whatever a requester or a policy wrote', async () => {
    const text =
      '@admins #1 <img src=x> ![i](https://evil.example/i) [l](https://evil.example) | www.evil.example';
    expect(await comment(text)).toMatchObject({ code: 0 });
    expect(calls.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /repos/contoso/policies/issues/7/comments?per_page=100&page=1',
      'POST /repos/contoso/policies/issues/7/comments',
    ]);
    const { body = '', token } = calls[1] ?? {};
    expect(token).toBe('Bearer token-of-the-job');
    expect(body).toContain('Because');
    expect(body).not.toMatch(/@|<img|!\[|\]\(|https?:|www\./i);
  });

  test('replaces the earlier comment of a bot, and never that of a person', async () => {
    const body = '<!-- postern-plan -->\nold';
    earlier = [
      { id: 1, user: { type: 'User' }, body },
      { id: 2, user: { type: 'Bot' }, body: 'other' },
      { id: 3, user: { type: 'Bot' }, body },
    ];
    expect(await comment('hello')).toMatchObject({ code: 0 });
    expect(calls[1]).toMatchObject({ method: 'PATCH', url: '/repos/contoso/policies/issues/comments/3' });
  });

  test('fails with the fix and without the token if GitHub refuses', async () => {
    status = 403;
    const { code, stderr } = await comment('hello');
    expect(code).not.toBe(0);
    expect(stderr).toContain('pull-requests: write');
    expect(stderr).not.toContain('token-of-the-job');
  });
});
