import { statementsOf, type BicepFile } from '../parse-file';
import {
  findingOf,
  requiredParameters,
  resolved,
  targetScopeOf,
  type BicepProject,
  type Finding,
} from '../project';
import type { Expression, Module, ObjectNode, Property, Resource } from '../syntax';
import { bodiesOf, expressionsOf } from '../uses';

/** Calls of modules fit the modules: path, parameters, scope, and the outputs that are read. */
export function moduleFindings(project: BicepProject): Finding[] {
  return [...project.files.values()].flatMap((file) => [
    ...statementsOf(file, 'module').flatMap((module) => callFindings(project, file, module)),
    ...outputFindings(project, file),
  ]);
}

function callFindings(project: BicepProject, file: BicepFile, module: Module): Finding[] {
  const called = calledFile(project, file, module);
  if (called === undefined) return [findingOf(file.path, module.at, `module ${module.path} is not there`)];
  return bodiesOf(module.body).flatMap((body) => [
    ...parameterFindings(file, module, body, called),
    ...scopeFindings(file, module, body, called),
  ]);
}

export function calledFile(
  { files }: BicepProject,
  file: BicepFile,
  { path }: Module,
): BicepFile | undefined {
  return files.get(resolved(file.path, path));
}

function parameterFindings(file: BicepFile, module: Module, body: ObjectNode, called: BicepFile): Finding[] {
  const params = propertyOf(body, 'params')?.value;
  if (params !== undefined && params.kind !== 'object') return [];
  const given = (params?.entries ?? []).flatMap((entry) => (entry.kind === 'property' ? [entry] : []));
  const isSpread = params?.entries.some(({ kind }) => kind === 'spread') ?? false;
  const known = new Set(statementsOf(called, 'param').map(({ name }) => name));
  const unknown = given
    .filter(({ key }) => !known.has(nameOf(key)))
    .map(({ key, at }) => findingOf(file.path, at, `${module.path} has no parameter ${nameOf(key)}`));
  const missing = requiredParameters(called)
    .filter((name) => !isSpread && !given.some(({ key }) => nameOf(key) === name))
    .map((name) => findingOf(file.path, module.at, `${module.path} is not given ${name}`));
  return [...unknown, ...missing];
}

function scopeFindings(file: BicepFile, module: Module, body: ObjectNode, called: BicepFile): Finding[] {
  const scope = propertyOf(body, 'scope');
  const wanted = targetScopeOf(called);
  const given = scope === undefined ? [targetScopeOf(file)] : scopesOf(file, scope.value);
  return given
    .filter((one) => one !== wanted)
    .map((one) =>
      findingOf(file.path, scope?.at ?? module.at, `${module.path} wants scope ${wanted}, not ${one}`),
    );
}

const scopeFunctions: ReadonlySet<string> = new Set([
  'resourceGroup',
  'subscription',
  'managementGroup',
  'tenant',
]);
const scopeTypes: Readonly<Record<string, string>> = {
  'microsoft.resources/resourcegroups': 'resourceGroup',
  'microsoft.management/managementgroups': 'managementGroup',
  'microsoft.subscription/aliases': 'subscription',
};

/** What kind of scope an expression is; of a ternary, both. */
function scopesOf(file: BicepFile, value: Expression): string[] {
  if (value.kind === 'ternary') return [...scopesOf(file, value.yes), ...scopesOf(file, value.no)];
  if (value.kind === 'index') return scopesOf(file, value.object);
  if (value.kind === 'call' && scopeFunctions.has(value.name)) return [value.name];
  if (value.kind !== 'name') return ['something else'];
  const resource = statementsOf(file, 'resource').find(({ name }) => name === value.name);
  return [scopeTypes[resource?.type.toLowerCase() ?? ''] ?? `that of ${resource?.type ?? value.name}`];
}

/** `module.outputs.x`, and nothing else of a module; `resource.x`, but no outputs. */
function outputFindings(project: BicepProject, file: BicepFile): Finding[] {
  const modules = new Map(statementsOf(file, 'module').map((module) => [module.name, module]));
  const resources = new Map(statementsOf(file, 'resource').map((resource) => [resource.name, resource]));
  return expressionsOf(file).flatMap((expression) => {
    if (expression.kind !== 'member') return [];
    const { object, name, at } = expression;
    const module = modules.get(symbolOf(object) ?? '');
    if (module !== undefined && name !== 'outputs' && name !== 'name')
      return [findingOf(file.path, at, `a module has no ${name}`)];
    const resource = resources.get(symbolOf(object) ?? '');
    if (resource !== undefined) return resourceFindings(file, resource, name, expression.at);
    return readFindings(project, file, expression, modules);
  });
}

function readFindings(
  project: BicepProject,
  file: BicepFile,
  { object, name, at }: Extract<Expression, { kind: 'member' }>,
  modules: ReadonlyMap<string, Module>,
): Finding[] {
  if (object.kind !== 'member' || object.name !== 'outputs') return [];
  const module = modules.get(symbolOf(object.object) ?? '');
  const called = module && calledFile(project, file, module);
  if (module === undefined || called === undefined) return [];
  const isThere = statementsOf(called, 'output').some((output) => output.name === name);
  return isThere ? [] : [findingOf(file.path, at, `${module.path} has no output ${name}`)];
}

const resourceMembers: ReadonlySet<string> = new Set(
  'id name type apiVersion location identity properties tags sku kind zones etag plan extendedLocation scope managedBy'.split(
    ' ',
  ),
);

function resourceFindings(
  file: BicepFile,
  resource: Resource,
  name: string,
  at: Expression['at'],
): Finding[] {
  if (resourceMembers.has(name)) return [];
  return [findingOf(file.path, at, `a resource of type ${resource.type} has no ${name}`)];
}

/** The symbol that `a`, `a[0]` or `a[i]` stands for. */
function symbolOf(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  return expression.kind === 'index' && expression.object.kind === 'name'
    ? expression.object.name
    : undefined;
}

/** A property by its name. */
export function propertyOf({ entries }: ObjectNode, name: string): Property | undefined {
  return entries.find((entry): entry is Property => entry.kind === 'property' && nameOf(entry.key) === name);
}

export function nameOf({ parts }: Property['key']): string {
  return parts.join('${}');
}
