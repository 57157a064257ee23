import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { filesBelow } from '../../support/repo/files-below';
import { readText, snapshot } from '../../support/repo/infra';
import { projectRoot } from '../../support/repo/project';

const files = filesBelow(join(projectRoot, 'infra')).map((path) =>
  relative(projectRoot, path).replaceAll('\\', '/'),
);

test('the compiler takes the templates, and the snapshots are what they predict', async () => {
  if (!process.env['BICEP']) {
    console.warn(
      'Left out: whether the snapshots of infra/ are current. It takes the Bicep compiler: npm run infra gets it, BICEP names one.',
    );
    return;
  }
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['scripts/infra.mjs'], { cwd: projectRoot });
  expect(stdout).toContain('current');
}, 600_000);

describe('the files of infra/', () => {
  /** What would read, carry or print a secret. */
  const secrets: readonly RegExp[] = [
    /\blist(?:Keys|ConnectionStrings|AccountSas|ServiceSas|Secrets|HostKeys|Credentials)\b/i,
    /\b(?:AccountKey|SharedAccessKey(?!Name)|SharedAccessSignature)\s*=/i,
    /[?&]sig=/i,
    /-----BEGIN [A-Z ]*PRIVATE KEY/,
    /^param \w*(?:password|secret|apiKey|accessKey)\w* /im,
  ];

  test.each(files)('%s holds no secret and reads none', (path) => {
    expect(secrets.filter((pattern) => pattern.test(readText(path)))).toEqual([]);
  });

  const templates = files.filter((path) => path.endsWith('.bicep'));

  test.each(templates)('%s begins with what it is for, and names files that are there', (path) => {
    const source = readText(path);
    expect(source).toMatch(/^(?:\/\/ [A-Z]|metadata description = '[A-Z])/);
    const named = [
      ...source.matchAll(/^\/\/.*?((?:\.\.?\/)*[\w-]+(?:\/[\w-]+)*\.(?:bicep|json|md|yaml))\b/gm),
    ];
    const missing = named
      .map(([, name = '']) => name)
      .filter((name) => ![join(path, '..', name), name].some((one) => existsSync(join(projectRoot, one))));
    expect(missing).toEqual([]);
  });

  test('every template is part of what people deploy', () => {
    const used = new Set(
      templates.flatMap((path) =>
        [...readText(path).matchAll(/^(?:module \w+|import .*? from|.*\} from) '([^']+)'/gm)].map(
          ([, name = '']) => join(path, '..', name).replaceAll('\\', '/'),
        ),
      ),
    );
    expect(templates.filter((path) => !used.has(path))).toEqual([
      'infra/events/main.bicep',
      'infra/main.bicep',
      'infra/onboarding/main.bicep',
    ]);
  });
});

describe('azd', () => {
  interface Azd {
    readonly infra: { readonly path: string; readonly module: string };
    readonly services: Readonly<Record<string, { readonly project: string }>>;
  }

  test('finds the templates and the service that azure.yaml names', () => {
    const { infra, services } = parse(readText('azure.yaml')) as Azd;
    const wanted = [
      `${infra.path}/${infra.module}.bicep`,
      ...Object.values(services).map(({ project }) => project),
    ];
    expect(wanted.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
  });

  test('hands over parameters that stage one has, and all that it must have', () => {
    const source = readText('infra/main.bicep');
    const { parameters } = JSON.parse(readText('infra/main.parameters.json')) as { parameters: object };
    const declared = [...source.matchAll(/^param (\w+) (?:\S+)( =)?/gm)];
    const needed = declared.flatMap(([, name = '', hasDefault]) => (hasDefault === undefined ? [name] : []));
    const names = declared.map(([, name = '']) => name);
    expect(Object.keys(parameters).filter((name) => !names.includes(name))).toEqual([]);
    expect(needed.filter((name) => !(name in parameters))).toEqual([]);
  });

  test('finds the app by its tag', () => {
    const tagged = snapshot('stage-one-defaults').predictedResources.filter(
      ({ tags }) => tags?.['azd-service-name'] === 'postern',
    );
    expect(tagged.map(({ type }) => type)).toEqual(['Microsoft.Web/sites']);
  });
});
