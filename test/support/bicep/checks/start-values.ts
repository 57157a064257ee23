import { statementsOf, type BicepFile } from '../parse-file';
import { findingOf, type BicepProject, type Finding } from '../project';
import type { Expression, Module, Resource } from '../syntax';
import { bodiesOf, childrenOf, nestedResources } from '../uses';
import { propertyOf } from './modules';

/** What of a resource is known before anything is deployed. */
const knownMembers: ReadonlySet<string> = new Set(['id', 'name', 'type', 'apiVersion']);

/** Names, scopes, conditions and loops must be known when a deployment starts: nothing in them may come out of one. */
export function startValueFindings({ files }: BicepProject): Finding[] {
  return [...files.values()].flatMap((file) =>
    neededAtStart(file).flatMap((expression) =>
      lateUses(file, expression).map(({ at, text }) =>
        findingOf(file.path, at, `${text} is not known when the deployment starts`),
      ),
    ),
  );
}

function neededAtStart(file: BicepFile): Expression[] {
  const resources = statementsOf(file, 'resource').flatMap((one) => [one, ...nestedResources(one)]);
  const values = statementsOf(file, 'var', 'output').flatMap(({ value }) => aroundOf(value));
  return [...[...resources, ...statementsOf(file, 'module')].flatMap(partsOf), ...values];
}

function partsOf({ body }: Resource | Module): Expression[] {
  const inside = bodiesOf(body).flatMap((object) =>
    ['name', 'scope'].flatMap((name) => propertyOf(object, name)?.value ?? []),
  );
  return [...aroundOf(body), ...inside];
}

/** The conditions and the sources of loops around a body. */
function aroundOf(body: Expression): Expression[] {
  if (body.kind === 'loop') return [body.source, ...aroundOf(body.body)];
  return body.kind === 'if' ? [body.condition, ...aroundOf(body.body)] : [];
}

interface LateUse {
  readonly at: Expression['at'];
  readonly text: string;
}

function lateUses(file: BicepFile, expression: Expression, seen: readonly string[] = []): LateUse[] {
  if (expression.kind === 'call' && /^(?:reference|list)/.test(expression.name))
    return [{ at: expression.at, text: `${expression.name}()` }];
  if (expression.kind === 'member') {
    const symbol = symbolOf(expression.object);
    const isResource = statementsOf(file, 'resource').some(({ name }) => name === symbol);
    const isModule = statementsOf(file, 'module').some(({ name }) => name === symbol);
    const isLate =
      (isResource && !knownMembers.has(expression.name)) || (isModule && expression.name !== 'name');
    if (isLate) return [{ at: expression.at, text: `${symbol}.${expression.name}` }];
  }
  if (expression.kind === 'name' && !seen.includes(expression.name)) {
    const variable = statementsOf(file, 'var').find(({ name }) => name === expression.name);
    return variable === undefined
      ? []
      : lateUses(file, variable.value, [...seen, variable.name]).map(({ text }) => ({
          at: expression.at,
          text: `${expression.name} (${text})`,
        }));
  }
  return childrenOf(expression).flatMap((child) => lateUses(file, child, seen));
}

function symbolOf(expression: Expression): string | undefined {
  if (expression.kind === 'name' || expression.kind === 'nested') return expression.name;
  return expression.kind === 'index' ? symbolOf(expression.object) : undefined;
}
