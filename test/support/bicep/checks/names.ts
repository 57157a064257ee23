import { builtInDecorators, builtInFunctions, builtInTypes, namespaces } from '../built-ins';
import type { BicepFile } from '../parse-file';
import { findingOf, resolved, type BicepProject, type Finding } from '../project';
import type { Statement } from '../syntax';
import { expressionsOf, nestedResources, usesOf, type Use } from '../uses';

/** Every name that is used is declared, once, and what is declared is used. */
export function nameFindings(project: BicepProject): Finding[] {
  const inTemplates = [...project.files.values()].flatMap((file) => [
    ...undeclared(file),
    ...declaredTwice(file),
    ...unused(file),
    ...nestedUnknown(file),
    ...notExported(file, project),
  ]);
  return [...inTemplates, ...[...project.parameterFiles.values()].flatMap(undeclared)];
}

function undeclared(file: BicepFile): Finding[] {
  const names = new Set(declarationsOf(file).map(({ name }) => name));
  return usesOf(file)
    .filter((use) => !names.has(use.name) && !isBuiltIn(use))
    .map(({ name, at, as }) => findingOf(file.path, at, `${as} ${name} is not declared`));
}

function isBuiltIn({ name, as }: Use): boolean {
  switch (as) {
    case 'function':
      return builtInFunctions.has(name) || /^list[A-Z]?\w*$/.test(name);
    case 'type':
      return builtInTypes.has(name) || namespaces.has(name);
    case 'decorator':
      return builtInDecorators.has(name);
    case 'value':
      return namespaces.has(name);
  }
}

function declaredTwice(file: BicepFile): Finding[] {
  // Outputs have names of their own.
  const kinds = [declarationsOf(file), file.statements.filter(({ kind }) => kind === 'output')];
  return kinds.flatMap((declarations) =>
    declarations
      .filter(({ name }, index) => declarations.findIndex((other) => other.name === name) < index)
      .map(({ name, at }) => findingOf(file.path, at, `${name} is declared twice`)),
  );
}

/** What is deployed needs no use: resources and modules. An existing resource does. */
function unused(file: BicepFile): Finding[] {
  const uses = usesOf(file);
  return declarationsOf(file)
    .filter((statement) => needsUse(statement) && !uses.some((use) => isUseOf(use, statement)))
    .map(({ kind, name, at }) => findingOf(file.path, at, `${kind} ${name} is not used`));
}

function needsUse({ kind, decorators, ...rest }: Statement): boolean {
  if (decorators.some(({ name }) => name === 'export')) return false;
  if (kind === 'resource') return 'existing' in rest && rest.existing;
  return kind !== 'module';
}

function isUseOf({ name, within }: Use, statement: Statement): boolean {
  return name === statement.name && within !== statement;
}

/** `a::b`, where `a` has no `b` inside it. */
function nestedUnknown(file: BicepFile): Finding[] {
  const inside = new Map(
    file.statements.flatMap((statement) =>
      statement.kind === 'resource'
        ? [[statement.name, new Set(nestedResources(statement).map(({ name }) => name))]]
        : [],
    ),
  );
  return expressionsOf(file).flatMap((expression) => {
    if (expression.kind !== 'nested' || expression.object.kind !== 'name') return [];
    const { name, object, at } = expression;
    const isKnown = inside.get(object.name)?.has(name);
    return isKnown ? [] : [findingOf(file.path, at, `${object.name} has no ${name} inside it`)];
  });
}

function notExported(file: BicepFile, { files }: BicepProject): Finding[] {
  return file.statements.flatMap((statement) => {
    if (statement.kind !== 'import' || statement.path.startsWith('br')) return [];
    const other = files.get(resolved(file.path, statement.path));
    if (other === undefined) return [findingOf(file.path, statement.at, `${statement.path} is not there`)];
    const isExported = other.statements.some(
      ({ name, decorators }) =>
        name === statement.original && decorators.some((decorator) => decorator.name === 'export'),
    );
    if (isExported || statement.original === '*') return [];
    return [findingOf(file.path, statement.at, `${statement.path} exports no ${statement.original}`)];
  });
}

/** What other statements can use. */
function declarationsOf({ statements }: BicepFile): Statement[] {
  const without = ['output', 'targetScope', 'metadata', 'using'];
  return statements.filter(({ kind }) => !without.includes(kind));
}
