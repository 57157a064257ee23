import type { BicepFile } from './parse-file';
import type { Expression, ObjectNode, Position, Resource, Statement, TypeNode } from './syntax';

/** A name that a file uses and does not declare in the expression itself. */
export interface Use {
  readonly name: string;
  readonly at: Position;
  readonly as: 'value' | 'function' | 'type' | 'decorator';
  /** The statement that it stands in. */
  readonly within: Statement;
}

/** Every use of a name in a file, without loop variables and lambdas' parameters. */
export function usesOf({ statements }: BicepFile): Use[] {
  return statements.flatMap((statement) => {
    const uses: Use[] = [];
    visitStatement(statement, (use) => uses.push({ ...use, within: statement }));
    return uses;
  });
}

/** Every expression in a file, outer before inner. */
export function expressionsOf({ statements }: BicepFile): Expression[] {
  const found: Expression[] = [];
  for (const statement of statements)
    visitStatement(
      statement,
      () => undefined,
      (expression) => found.push(expression),
    );
  return found;
}

type Report = (use: Omit<Use, 'within'>) => void;
type Seen = (expression: Expression) => void;

function visitStatement(statement: Statement, report: Report, seen: Seen = () => undefined): void {
  const visit = new Visit(report, seen);
  for (const { name, at, args } of statement.decorators) {
    report({ name, at, as: 'decorator' });
    for (const arg of args) visit.expression(arg, []);
  }
  switch (statement.kind) {
    case 'param':
      visit.type(statement.type);
      if (statement.default) visit.expression(statement.default, []);
      return;
    case 'output':
      visit.type(statement.type);
      visit.expression(statement.value, []);
      return;
    case 'type':
      visit.type(statement.type);
      return;
    case 'func':
      for (const { type } of statement.parameters) visit.type(type);
      visit.type(statement.returns);
      visit.expression(
        statement.body,
        statement.parameters.map(({ name }) => name),
      );
      return;
    case 'resource':
      visit.expression(statement.body, nestedNames(statement));
      return;
    case 'module':
      visit.expression(statement.body, []);
      return;
    case 'import':
      return;
    default:
      visit.expression(statement.value, []);
  }
}

class Visit {
  constructor(
    private readonly report: Report,
    private readonly seen: Seen,
  ) {}

  type({ uses }: TypeNode): void {
    for (const { name, at } of uses) this.report({ name, at, as: 'type' });
  }

  expression(expression: Expression, locals: readonly string[]): void {
    this.seen(expression);
    if (expression.kind === 'name') {
      const { name, at } = expression;
      if (!locals.includes(name)) this.report({ name, at, as: 'value' });
    }
    if (expression.kind === 'call' && expression.on === undefined)
      this.report({ name: expression.name, at: expression.at, as: 'function' });
    if (expression.kind === 'loop') {
      this.expression(expression.source, locals);
      this.expression(expression.body, [...locals, ...expression.names]);
    } else if (expression.kind === 'lambda') {
      this.expression(expression.body, [...locals, ...expression.names]);
    } else {
      for (const child of childrenOf(expression)) this.expression(child, locals);
    }
  }
}

/** The expressions right below one. */
export function childrenOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'text':
      return [...expression.holes];
    case 'object':
      return expression.entries.flatMap((entry) =>
        entry.kind === 'resource'
          ? [entry.body]
          : entry.kind === 'spread'
            ? [entry.value]
            : [...entry.key.holes, entry.value],
      );
    case 'array':
      return expression.items.map((item) => (item.kind === 'spread' ? item.value : item));
    case 'call':
      return [...(expression.on ? [expression.on] : []), ...expression.args];
    case 'loop':
      return [expression.source, expression.body];
    case 'if':
      return [expression.condition, expression.body];
    case 'lambda':
      return [expression.body];
    case 'member':
    case 'nested':
      return [expression.object];
    case 'index':
      return [expression.object, expression.index];
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'ternary':
      return [expression.condition, expression.yes, expression.no];
    case 'name':
    case 'literal':
      return [];
  }
}

/** The resources that are declared inside one, at any depth: they know each other. */
export function nestedResources(resource: Resource): Resource[] {
  return bodiesOf(resource.body).flatMap(({ entries }) =>
    entries.flatMap((entry) => (entry.kind === 'resource' ? [entry, ...nestedResources(entry)] : [])),
  );
}

/** The object that a resource or module consists of, whatever is around it. */
export function bodiesOf(body: Expression): ObjectNode[] {
  if (body.kind === 'object') return [body];
  return body.kind === 'loop' || body.kind === 'if' ? bodiesOf(body.body) : [];
}

function nestedNames(resource: Resource): string[] {
  return nestedResources(resource).map(({ name }) => name);
}
