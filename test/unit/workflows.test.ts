import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../support/project';

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly permissions?: Record<string, string>;
  readonly 'timeout-minutes'?: number;
}

interface Workflow {
  readonly name: string;
  readonly text: string;
  readonly permissions?: Record<string, string>;
  readonly concurrency?: unknown;
  readonly jobs: Record<string, Job>;
}

const folder = join(projectRoot, '.github/workflows');
const workflows = readdirSync(folder).map((name): Workflow => {
  const text = readFileSync(join(folder, name), 'utf8');
  return { ...(parse(text) as Omit<Workflow, 'name' | 'text'>), name, text };
});
const scripts = Object.keys(
  (JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { scripts: object }).scripts,
);

function runs({ jobs }: Workflow): string[] {
  return Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []));
}

test('there is one for checking and one for deploying', () => {
  expect(workflows.map(({ name }) => name).sort()).toEqual(['ci.yml', 'deploy.yml']);
});

describe.each(workflows.map((workflow) => [workflow.name, workflow] as const))('%s', (_, workflow) => {
  const jobs = Object.values(workflow.jobs);

  test('every action of others is pinned by its whole commit, with the version beside it', () => {
    const uses = workflow.text.split('\n').filter((line) => /^\s*-?\s*uses:/.test(line));
    const pinned = /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
    const ours = /uses: \.\/\.github\/workflows\/[\w-]+\.yml$/;
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((line) => !pinned.test(line) && !ours.test(line))).toEqual([]);
  });

  test('it may read the repository; only a token for Azure may be asked for beyond that', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const { permissions = {} } of jobs) {
      const { 'id-token': token = 'write', ...rest } = permissions;
      expect(token).toBe('write');
      expect({ contents: 'read', ...rest }).toEqual({ contents: 'read' });
    }
  });

  test('it uses no secret, and pull requests of strangers get no more than a check', () => {
    expect(workflow.text).not.toMatch(/\bsecrets\b/);
    expect(workflow.text).not.toContain('pull_request_target');
  });

  test('it has an end, and does not run beside itself', () => {
    expect(workflow.concurrency).toBeDefined();
    const endless = jobs.filter((job) => job.uses === undefined && job['timeout-minutes'] === undefined);
    expect(endless).toEqual([]);
  });

  test('what a person types never becomes part of a script', () => {
    expect(runs(workflow).filter((script) => script.includes('${{'))).toEqual([]);
  });

  test('its npm scripts and the files that it names exist', () => {
    const text = runs(workflow).join('\n');
    const named = [...text.matchAll(/npm (?:run (?:--\S+ )*)?([\w:]+)/g)].map(([, script]) => script ?? '');
    expect(named.filter((script) => script !== 'ci' && !scripts.includes(script))).toEqual([]);
    const files = [...text.matchAll(/\binfra\/\S+/g)].map(([file]) => file);
    expect(files.filter((file) => !existsSync(join(projectRoot, file)))).toEqual([]);
    const called = jobs.flatMap(({ uses }) => uses ?? []);
    expect(called.filter((file) => !existsSync(join(projectRoot, file)))).toEqual([]);
  });
});

describe('what deploy.yml hands to infra', () => {
  const read = (file: string): string => readFileSync(join(projectRoot, 'infra', file), 'utf8');
  const stageOne = read('main.bicep');
  const outputs = [...stageOne.matchAll(/^output (\w+)/gm)].map(([, name]) => name ?? '');
  const handed = /^(POSTERN_\w+|AZURE_ENV_NAME|AZURE_LOCATION)$/;

  test('every parameter of azd’s file is one of stage one, and its variable is handed on', () => {
    const { parameters } = JSON.parse(read('main.parameters.json')) as {
      parameters: Record<string, { value: string }>;
    };
    for (const [name, { value }] of Object.entries(parameters)) {
      expect(stageOne).toMatch(new RegExp(`^param ${name} `, 'm'));
      expect(/^\$\{(\w+)(=.*)?\}$/.exec(value)?.[1]).toMatch(handed);
    }
  });

  test('every variable that stage two must have is an output of stage one, or is handed on', () => {
    const needed = [...read('events/main.bicepparam').matchAll(/readEnvironmentVariable\('(\w+)'\)/g)];
    const names = needed.map(([, name]) => name ?? '');
    expect(names).not.toEqual([]);
    const named = ['AZURE_ENV_NAME', 'AZURE_LOCATION', ...outputs];
    expect(names.filter((name) => !named.includes(name))).toEqual([]);
  });

  test('the scripts use no variable that nobody sets', () => {
    const text = runs(workflows.find(({ name }) => name === 'deploy.yml')!).join('\n');
    const used = [...text.matchAll(/\$((?:AZURE|POSTERN)_\w+)/g)].map(([, name]) => name ?? '');
    const named = ['AZURE_ENV_NAME', 'AZURE_LOCATION', ...outputs];
    expect(used.filter((name) => !named.includes(name))).toEqual([]);
  });
});

test('both deploy stages come, the app between them, and doctor last', () => {
  const text = runs(workflows.find(({ name }) => name === 'deploy.yml')!).join('\n');
  const steps = [
    'what-if --name "postern-$AZURE_ENV_NAME"',
    'create --name "postern-$AZURE_ENV_NAME"',
    'config-zip',
    'create --name "postern-events-$AZURE_ENV_NAME"',
    'doctor',
  ];
  const places = steps.map((step) => text.indexOf(step));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});
