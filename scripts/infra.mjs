// Has the real Bicep compiler judge the templates: format, lint, compiled templates, snapshots of deployments.
// `--write` makes anew what is committed. Needs the .NET SDK once, or BICEP.
import { cp, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import { bicep, bicepCompiler } from './bicep-compiler.mjs';
import { digestOf } from './filters-digest.mjs';

const deployments = 'test/data/deployments';
const sources = ['bicepconfig.json', 'infra', 'docs/examples', deployments];
const compiled = {
  'infra/main.bicep': 'infra/terraform/stage-one/template.json',
  'infra/events/main.bicep': 'infra/terraform/events/template.json',
  'infra/onboarding/main.bicep': 'infra/terraform/onboarding/template.json',
};
// Made up, and the same everywhere.
const subscription = ['--subscription-id', '33333333-3333-4333-8333-333333333333'];
const managementGroup = ['--management-group-id', 'platform'];
const place = [
  '--tenant-id',
  '55555555-5555-4555-8555-555555555555',
  '--location',
  'westeurope',
  '--deployment-name',
  'postern',
];

const mayWrite = process.argv.includes('--write');
const compiler = await bicepCompiler();
// The compiler works on a copy, so that nothing here changes that should only be looked at.
const copy = await realpath(await mkdtemp(join(tmpdir(), 'postern-infra-')));
const problems = [];
try {
  if (mayWrite) await writeDigest();
  for (const source of sources) await cp(source, join(copy, source), { recursive: true });
  await lint();
  await formatAll();
  if (problems.length === 0) await compile();
  if (problems.length === 0) await snapshots();
  if (problems.length === 0) await readEnvironment();
} finally {
  await rm(copy, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(
  mayWrite ? 'Written.' : 'The compiler takes the templates, and what is committed of them is current.',
);

async function writeDigest() {
  const path = 'infra/events/filters.json';
  const filters = JSON.parse(await readFile(path, 'utf8'));
  const text = JSON.stringify({ ...filters, digest: digestOf(filters) });
  await writeFile(
    path,
    await format(text, { ...JSON.parse(await readFile('.prettierrc.json', 'utf8')), parser: 'json' }),
  );
}

async function lint() {
  for (const folder of sources.slice(1)) {
    const { code, stdout, stderr } = await inCopy(['lint', '--pattern', `${folder}/**/*.bicep`]);
    const said = `${stdout}${stderr}`.trim();
    if (code !== 0 || said !== '') problems.push(said.replaceAll(`${copy}/`, ''));
  }
}

async function formatAll() {
  for (const ending of ['bicep', 'bicepparam']) await inCopy(['format', '--pattern', `**/*.${ending}`]);
  for (const folder of sources.slice(1)) {
    for (const name of await readdir(folder, { recursive: true })) {
      const path = join(folder, name);
      if (!/\.bicep(param)?$/.test(path)) continue;
      await keep(path, await readFile(join(copy, path), 'utf8'), 'is not formatted');
    }
  }
}

async function compile() {
  for (const [source, path] of Object.entries(compiled)) {
    const { code, stdout, stderr } = await inCopy(['build', source, '--stdout']);
    if (code !== 0) problems.push(stderr);
    else await keep(path, stdout, `is not what ${source} compiles to`);
  }
}

async function snapshots() {
  const names = (await readdir(deployments)).filter((name) => name.endsWith('.bicepparam'));
  // Each takes seconds and a processor.
  const workers = [1, 2].map(async () => {
    for (let name = names.shift(); name !== undefined; name = names.shift()) await snapshot(name);
  });
  await Promise.all(workers);
}

async function snapshot(name) {
  const path = join(deployments, name);
  const text = await readFile(path, 'utf8');
  const isOnGroup = text.includes('infra/onboarding/main.bicep');
  const scope = isOnGroup ? managementGroup : subscription;
  const { code, stdout, stderr } = await inCopy(['snapshot', path, ...scope, ...place]);
  if (name.startsWith('refused-')) return expectRefusal(path, text, code, `${stdout}${stderr}`);
  if (code !== 0) return void problems.push(`${path}: ${stdout}${stderr}`);
  const made = path.replace('.bicepparam', '.snapshot.json');
  const { predictedResources, diagnostics, outputs } = JSON.parse(await readFile(join(copy, made), 'utf8'));
  if (diagnostics.length > 0) problems.push(`${path}: ${JSON.stringify(diagnostics)}`);
  // The compiler gives outputs in an order of chance.
  const sorted = Object.fromEntries(Object.entries(outputs).sort(([a], [b]) => (a < b ? -1 : 1)));
  const predicted = `${JSON.stringify({ predictedResources, diagnostics, outputs: sorted }, undefined, 2)}\n`;
  await keep(made, predicted, `is not what ${name} predicts`);
}

/** A deployment that could not succeed is refused before it begins, with a sentence. */
function expectRefusal(path, text, code, said) {
  const [, sentence] = /^\/\/ Refused: (.+)$/m.exec(text) ?? [];
  if (code === 0 || !said.includes(sentence))
    problems.push(`${path} is not refused with "${sentence}": ${said}`);
}

/** Stage two reads the environment: it must get along with exactly what azd and the workflow set. */
async function readEnvironment() {
  const env = {
    AZURE_ENV_NAME: 'prod',
    AZURE_LOCATION: 'westeurope',
    POSTERN_EVENT_SOURCES: '["33333333-3333-4333-8333-333333333333"]',
    POSTERN_FUNCTION_APP_ID: '/app',
    POSTERN_STORAGE_ACCOUNT_ID: '/account',
    POSTERN_EVENTS_IDENTITY_ID: '/identity',
    POSTERN_STORAGE_IS_OPEN: 'true',
  };
  const path = 'infra/events/main.bicepparam';
  const { code, stderr } = await inCopy(['build-params', path, '--stdout'], env);
  if (code !== 0) problems.push(`${path}: ${stderr}`);
}

async function keep(path, text, trouble) {
  const committed = await readFile(path, 'utf8').catch(() => undefined);
  if (committed === text) return;
  if (mayWrite) await writeFile(path, text);
  else problems.push(`${path} ${trouble}: run npm run infra -- --write`);
}

function inCopy(args, env = {}) {
  return bicep(compiler, args, { cwd: copy, env });
}
