import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../../support/repo/project';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, string>;
  readonly env?: Record<string, string>;
}

interface Job {
  readonly uses?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly outputs?: Record<string, string>;
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
/** Those that people copy. */
const examples = ['docs/examples/forty-subscriptions/policy.yml'].map((path): Workflow => {
  const text = readFileSync(join(projectRoot, path), 'utf8');
  return { ...(parse(text) as Omit<Workflow, 'name' | 'text'>), name: path, text };
});
const scripts = Object.keys(
  (JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { scripts: object }).scripts,
);

function runs({ jobs }: Workflow): string[] {
  return Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []));
}

test('there is one for checking, one for deploying and one for releases', () => {
  expect(workflows.map(({ name }) => name).sort()).toEqual(['ci.yml', 'deploy.yml', 'release.yml']);
});

describe.each([...workflows, ...examples].map((workflow) => [workflow.name, workflow] as const))(
  '%s',
  (_, workflow) => {
    const jobs = Object.values(workflow.jobs);

    test('every action of others is pinned by its whole commit, with the version beside it', () => {
      const uses = workflow.text.split('\n').filter((line) => /^\s*-?\s*uses:/.test(line));
      const pinned = /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
      const ours = /uses: \.\/\.github\/workflows\/[\w-]+\.yml$/;
      expect(uses.length).toBeGreaterThan(0);
      expect(uses.filter((line) => !pinned.test(line) && !ours.test(line))).toEqual([]);
    });

    test('it may read the repository; beyond that it may ask for a token, and a release may be published', () => {
      expect(workflow.permissions).toEqual({ contents: 'read' });
      for (const [name, { permissions = {} }] of Object.entries(workflow.jobs)) {
        const { 'id-token': token = 'write', ...rest } = permissions;
        expect(token).toBe('write');
        const publishes = workflow.name === 'release.yml' && name === 'release';
        const most = publishes ? { contents: 'write', attestations: 'write' } : { contents: 'read' };
        expect({ contents: 'read', ...rest }).toEqual(most);
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
  },
);

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
    const used = [...text.matchAll(/\$\{?((?:AZURE|POSTERN)_\w+)(:-)?/g)];
    const { text: workflow } = workflows.find(({ name }) => name === 'deploy.yml')!;
    // What the head of the workflow says that people set; a step that needs it asks for it.
    const set = ['AZURE_ENV_NAME', 'AZURE_LOCATION', 'POSTERN_MANAGEMENT_GROUP'];
    const [head = ''] = workflow.split('\nname:');
    expect(set.filter((name) => !head.includes(name))).toEqual([]);
    const needed = used.flatMap(([, name = '', hasDefault]) => (hasDefault === undefined ? [name] : []));
    expect(needed.filter((name) => ![...set, ...outputs].includes(name))).toEqual([]);
    const optional = used.flatMap(([, name = '', hasDefault]) => (hasDefault === undefined ? [] : [name]));
    const known = [read('main.parameters.json'), read('events/main.bicepparam'), head].join('\n');
    expect(optional.filter((name) => !known.includes(name))).toEqual([]);
  });

  test('the onboarding gets every parameter that it must have, and none that it has not', () => {
    const declared = [...read('onboarding/main.bicep').matchAll(/^param (\w+) \S+( =)?/gm)];
    const text = runs(workflows.find(({ name }) => name === 'deploy.yml')!).join('\n');
    const [, given = ''] = /<<END\n([^]+?)\nEND/.exec(text) ?? [];
    const names = given.split('\n').map((line) => line.split('=')[0] ?? '');
    const all = declared.map(([, name = '']) => name);
    expect(names.filter((name) => !all.includes(name))).toEqual([]);
    const must = declared.filter(([, , hasDefault]) => hasDefault === undefined).map(([, name = '']) => name);
    expect(must.filter((name) => !names.includes(name))).toEqual([]);
    expect(must.length).toBeGreaterThan(4);
  });
});

describe('code of others and the sign-in of the deployer', () => {
  const { jobs } = workflows.find(({ name }) => name === 'deploy.yml')!;
  const { package: packing } = workflows.find(({ name }) => name === 'ci.yml')!.jobs;
  const scriptsOf = (job: Job | undefined): string =>
    (job?.steps ?? []).flatMap(({ run }) => run ?? []).join('\n');
  const installs = /npm (?:--\S+ \S+ )?(?:ci|install)\b(?![^&\n]*--ignore-scripts)/;

  test('what is deployed is packed without any install script, by the workflow and by azd', () => {
    expect(scriptsOf(packing)).toContain('npm ci');
    expect(scriptsOf(packing)).not.toMatch(installs);
    const { scripts: ofAzd } = JSON.parse(
      readFileSync(join(projectRoot, 'infra/package/package.json'), 'utf8'),
    ) as {
      scripts: { build: string };
    };
    expect(ofAzd.build).toContain('ci');
    expect(ofAzd.build).not.toMatch(installs);
  });

  test('no cache that other jobs can write to goes into it', () => {
    expect(packing?.steps?.filter((step) => step.with?.['cache'] !== undefined)).toEqual([]);
  });

  test('who is signed in as the deployer installs nothing and runs nothing that was installed', () => {
    expect(scriptsOf(jobs['deploy'])).not.toMatch(/\bnp[mx]\b|node_modules|dist\/dev/);
  });

  test('doctor has a job, a GitHub environment and an identity of its own', () => {
    const { deploy, doctor } = jobs;
    expect(doctor?.needs).toBe('deploy');
    expect(doctor?.environment).toBe(`${deploy?.environment}-doctor`);
    expect(scriptsOf(doctor)).toContain('npm ci --ignore-scripts');
    expect(scriptsOf(doctor)).not.toMatch(installs);
    expect(scriptsOf(deploy)).not.toContain('doctor');
  });

  test('the zip is the one that CI has made: its SHA-256 goes from job to job and is compared before the sign-in', () => {
    expect(scriptsOf(packing)).toContain('sha256=$(sha256sum dist/postern.zip');
    expect(packing?.outputs).toEqual({ sha256: '${{ steps.zip.outputs.sha256 }}' });
    const { text } = workflows.find(({ name }) => name === 'ci.yml')!;
    expect(text).toContain('value: ${{ jobs.package.outputs.sha256 }}');
    const steps = jobs['deploy']?.steps ?? [];
    const compared = steps.findIndex(({ run }) => run?.includes('sha256sum --check --strict') === true);
    expect(steps[compared]?.env).toEqual({ SHA256: '${{ needs.ci.outputs.sha256 }}' });
    const signedIn = steps.findIndex(({ uses }) => uses?.startsWith('azure/login@') === true);
    expect([compared > 0, compared < signedIn]).toEqual([true, true]);
  });
});

test('every locked package has a checksum, those of other platforms too, and none names a registry', () => {
  const { packages } = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string; resolved?: string }>;
  };
  const locked = Object.entries(packages).filter(([path]) => path !== '');
  expect(locked.length).toBeGreaterThan(100);
  const without = locked.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'));
  // Take these entries out, then `npm install --package-lock-only --ignore-scripts` puts them back with their checksums.
  expect(without.map(([path]) => path)).toEqual([]);
  expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

test('azd runs the same stage two after the app, on every system, with what it waits for on the screen', () => {
  const { hooks } = parse(readFileSync(join(projectRoot, 'azure.yaml'), 'utf8')) as {
    hooks: { postdeploy: Record<string, { run: string; interactive: boolean }> };
  };
  expect(Object.keys(hooks.postdeploy).toSorted()).toEqual(['posix', 'windows']);
  for (const { run, interactive } of Object.values(hooks.postdeploy))
    expect([run, interactive]).toEqual(['node scripts/stage-two.mjs', true]);
});

test('both deploy stages come, the app between them, and doctor last', () => {
  const text = runs(workflows.find(({ name }) => name === 'deploy.yml')!).join('\n');
  const steps = [
    'what-if --name "postern-$AZURE_ENV_NAME"',
    'create --name "postern-$AZURE_ENV_NAME"',
    'config-zip',
    'node scripts/stage-two.mjs',
    'doctor',
  ];
  const places = steps.map((step) => text.indexOf(step));
  expect(places).not.toContain(-1);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});
