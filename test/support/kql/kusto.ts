import '@kusto/language-service-next/bridge.min.js';
import '@kusto/language-service-next/Kusto.Language.Bridge.min.js';

/**
 * The parts of Microsoft's KQL language service that are used here. Its scripts define it on `globalThis`.
 */
export interface KustoLanguage {
  readonly KustoCode: { ParseAndAnalyze(text: string, globals: GlobalState): KustoCode };
  readonly GlobalState: { readonly Default: GlobalState };
  readonly Symbols: {
    readonly TableSymbol: {
      readonly $ctor7: new (name: string, schema: string, description: string | null) => unknown;
    };
    readonly DatabaseSymbol: {
      readonly $ctor1: new (name: string, members: readonly unknown[], isOpen: boolean) => unknown;
    };
  };
}

export interface GlobalState {
  WithDatabase(database: unknown): GlobalState;
}

export interface KustoCode {
  /** The root of the syntax tree. */
  readonly Syntax: SyntaxElement;
  /** The table that the query returns. */
  readonly ResultType: {
    readonly Columns?: List<{ readonly Name: string; readonly Type: { readonly Name: string } }>;
  };
  GetDiagnostics(): List<{ readonly Severity: string; readonly Message: string; readonly Start: number }>;
}

export interface List<T> {
  readonly Count: number;
  getItem(index: number): T;
}

export interface SyntaxElement {
  readonly Kind: number;
  readonly ChildCount: number;
  GetChild(index: number): SyntaxElement | null;
  /** Returns the original text, with the whitespace before it. */
  toString(): string;
}

export const kusto = (globalThis as unknown as { readonly Kusto: { readonly Language: KustoLanguage } }).Kusto
  .Language;

/** `SyntaxKind` by name. */
export const syntaxKinds = (
  kusto as unknown as { readonly Syntax: { readonly SyntaxKind: Readonly<Record<string, number>> } }
).Syntax.SyntaxKind;

export function itemsOf<T>(list: List<T> | undefined): T[] {
  return Array.from({ length: list?.Count ?? 0 }, (_, index) => (list as List<T>).getItem(index));
}
