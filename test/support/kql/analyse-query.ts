import { itemsOf, kusto, syntaxKinds, type GlobalState, type SyntaxElement } from './kusto';

/** Columns by table, with KQL types. */
export type Schema = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface AnalysedQuery {
  /**
   * Problems that the language service finds: syntax, unknown tables, columns and functions, type mismatches.
   */
  readonly problems: readonly string[];
  /** Names that the query reads from the dynamic column `Properties`. */
  readonly properties: ReadonlySet<string>;
  /** Texts with which each name (a column, or `Properties.NAME`) is compared. */
  readonly comparedWith: ReadonlyMap<string, ReadonlySet<string>>;
  /** The columns of the result. */
  readonly columns: Readonly<Record<string, string>>;
}

export type AnalyseQuery = (text: string) => AnalysedQuery;

/**
 * Creates a function that reads queries with Microsoft's own KQL language service, against the tables of
 * `schema` alone.
 */
export function createAnalyser(schema: Schema): AnalyseQuery {
  const globals = globalsOf(schema);
  return (text) => analyse(text, globals);
}

function analyse(text: string, globals: GlobalState): AnalysedQuery {
  const code = kusto.KustoCode.ParseAndAnalyze(text, globals);
  const elements = everyElement(code.Syntax);
  const columns = itemsOf(code.ResultType.Columns).map(({ Name, Type }) => [Name, Type.Name] as const);
  return {
    problems: itemsOf(code.GetDiagnostics()).map(
      ({ Severity, Message, Start }) => `${Severity} in line ${lineOf(text, Start)}: ${Message}`,
    ),
    properties: new Set(elements.flatMap((element) => propertyOf(element) ?? [])),
    comparedWith: comparisonsOf(elements),
    columns: Object.fromEntries(columns),
  };
}

function globalsOf(schema: Schema): GlobalState {
  const { TableSymbol, DatabaseSymbol } = kusto.Symbols;
  const tables = Object.entries(schema).map(([name, columns]) => {
    const list = Object.entries(columns).map(([column, type]) => `${column}:${type}`);
    return new TableSymbol.$ctor7(name, `(${list.join(',')})`, null);
  });
  return kusto.GlobalState.Default.WithDatabase(new DatabaseSymbol.$ctor1('workspace', tables, false));
}

function everyElement(element: SyntaxElement): SyntaxElement[] {
  return [element, ...childrenOf(element).flatMap(everyElement)];
}

function childrenOf(element: SyntaxElement): SyntaxElement[] {
  return Array.from({ length: element.ChildCount }, (_, index) => element.GetChild(index)).filter(
    (child): child is SyntaxElement => child !== null,
  );
}

/** Returns the name in `Properties.name` or `Properties['name']`. */
function propertyOf(element: SyntaxElement): string | undefined {
  const isAccess =
    element.Kind === syntaxKinds['PathExpression'] || element.Kind === syntaxKinds['ElementExpression'];
  if (!isAccess) return undefined;
  const match = /^Properties\s*(?:\.\s*(\w+)|\[\s*'([^']+)'\s*\])$/.exec(wordsOf(element));
  return match?.[1] ?? match?.[2];
}

const comparisons = new Set(
  ['Equal', 'NotEqual', 'EqualTilde', 'BangTilde', 'In', 'NotIn', 'InCs', 'NotInCs'].map(
    (name) => syntaxKinds[`${name}Expression`],
  ),
);

function comparisonsOf(elements: readonly SyntaxElement[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const element of elements) {
    if (!comparisons.has(element.Kind)) continue;
    const [left, , right] = childrenOf(element);
    if (left === undefined || right === undefined) continue;
    const name = wordsOf(left).replace(/^tostring\((.*)\)$/, '$1');
    const values = everyElement(right).flatMap((part) => literalOf(part) ?? []);
    found.set(name, new Set([...(found.get(name) ?? []), ...values]));
  }
  return found;
}

function literalOf(element: SyntaxElement): string | undefined {
  if (element.Kind !== syntaxKinds['StringLiteralExpression']) return undefined;
  return /^'(.*)'$/.exec(wordsOf(element))?.[1];
}

function wordsOf(element: SyntaxElement): string {
  return element.toString().trim();
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
