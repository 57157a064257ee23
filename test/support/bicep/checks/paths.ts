import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { statementsOf, type BicepFile } from '../parse-file';
import {
  findingOf,
  isThere,
  requiredParameters,
  resolved,
  type BicepProject,
  type Finding,
} from '../project';
import { expressionsOf } from '../uses';

const start = { line: 1, column: 1 };

/** Files that are loaded into a template are there. */
export function loadFindings(project: BicepProject): Finding[] {
  return [...project.files.values()].flatMap((file) =>
    expressionsOf(file).flatMap((expression) => {
      if (expression.kind !== 'call' || !/^load(?:Text|Json|Yaml|FileAs)/.test(expression.name)) return [];
      const [path] = expression.args;
      if (path?.kind !== 'text' || path.holes.length > 0)
        return [findingOf(file.path, expression.at, `${expression.name} wants a fixed path`)];
      const target = resolved(file.path, path.parts.join(''));
      return isThere(project, target) ? [] : [findingOf(file.path, path.at, `${target} is not there`)];
    }),
  );
}

/** Parameters files name parameters that are there, and all that are needed. */
export function parameterFileFindings(project: BicepProject): Finding[] {
  const bicepparam = [...project.parameterFiles.values()].flatMap((file) => usingFindings(project, file));
  const json = project.others
    .filter((path) => path.endsWith('.parameters.json'))
    .flatMap((path) => {
      const template = project.files.get(path.replace(/\.parameters\.json$/, '.bicep'));
      if (template === undefined) return [findingOf(path, start, 'its template is not there')];
      const { parameters } = readJson(project, path) as { parameters: Record<string, unknown> };
      return givenFindings(path, Object.keys(parameters), template);
    });
  return [...bicepparam, ...json];
}

function usingFindings({ files }: BicepProject, file: BicepFile): Finding[] {
  const [using] = statementsOf(file, 'using');
  const path = using?.value.kind === 'text' ? resolved(file.path, using.value.parts.join('')) : '';
  const template = files.get(path);
  if (template === undefined) return [findingOf(file.path, using?.at ?? start, 'its template is not there')];
  const given = statementsOf(file, 'var').map(({ name }) => name);
  return givenFindings(file.path, given, template);
}

function givenFindings(path: string, given: readonly string[], template: BicepFile): Finding[] {
  const known = new Set(statementsOf(template, 'param').map(({ name }) => name));
  return [
    ...given
      .filter((name) => !known.has(name))
      .map((name) => findingOf(path, start, `${template.path} has no parameter ${name}`)),
    ...requiredParameters(template)
      .filter((name) => !given.includes(name))
      .map((name) => findingOf(path, start, `${template.path} needs ${name}`)),
  ];
}

interface AzdProject {
  readonly infra?: { readonly path?: string; readonly module?: string };
  readonly services?: Readonly<Record<string, { readonly project?: string; readonly dist?: string }>>;
  readonly hooks?: Readonly<Record<string, unknown>>;
}

/** What `azure.yaml` names is there; what a build makes need not be. */
export function azdFindings(project: BicepProject, path = 'azure.yaml'): Finding[] {
  if (!isThere(project, path)) return [findingOf(path, start, 'is not there')];
  const { infra, services = {}, hooks = {} } = parse(readText(project, path)) as AzdProject;
  const folder = infra?.path ?? 'infra';
  const wanted = [
    `${folder}/${infra?.module ?? 'main'}.bicep`,
    ...Object.values(services).map((service) => service.project ?? '.'),
    ...scriptsIn(hooks),
    ...Object.values(services).flatMap((service) => scriptsIn(service)),
  ];
  return wanted
    .filter((name) => !isThere(project, name))
    .map((name) => findingOf(path, start, `${name} is not there`));
}

/** `run: ./scripts/…`, at any depth. */
function scriptsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'run' && typeof inner === 'string'
      ? [...inner.matchAll(/(?:^|\s)(\.?\/?[\w-]+(?:\/[\w.-]+)+\.(?:sh|ps1|mjs|cjs|js))\b/g)].map(
          ([, script = '']) => script,
        )
      : scriptsIn(inner),
  );
}

export function readText({ root }: BicepProject, path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function readJson(project: BicepProject, path: string): unknown {
  return JSON.parse(readText(project, path));
}
