import { parseStatement, type Dialect } from './parse-statement';
import { BicepProblem, type Statement } from './syntax';
import { TokenReader } from './token-reader';
import { tokensOf } from './tokens';

/** A file taken apart. Nothing in it is resolved. */
export interface BicepFile {
  /** As it was given, for messages. */
  readonly path: string;
  readonly source: string;
  readonly statements: readonly Statement[];
  /** What could not be read; the statements around it are there. */
  readonly problems: readonly BicepProblem[];
}

/** Reads Bicep by its own grammar, line ends and operators' strengths included. Never throws. */
export function parseBicep(path: string, source: string, dialect: Dialect = 'bicep'): BicepFile {
  const statements: Statement[] = [];
  const problems: BicepProblem[] = [];
  try {
    const reader = new TokenReader(tokensOf(source));
    while (hasMore(reader)) {
      try {
        statements.push(...parseStatement(reader, dialect));
        if (!reader.isNewline() && reader.peek().kind !== 'end')
          throw reader.problem('expected the end of the line');
      } catch (error) {
        problems.push(problemFrom(error));
        reader.skipLine();
      }
    }
  } catch (error) {
    problems.push(problemFrom(error));
  }
  return { path, source, statements, problems };
}

function hasMore(reader: TokenReader): boolean {
  reader.skipNewlines();
  return reader.peek().kind !== 'end';
}

/** The statements of one kind. */
export function statementsOf<K extends Statement['kind']>(
  { statements }: BicepFile,
  ...kinds: readonly K[]
): Extract<Statement, { kind: K }>[] {
  return statements.filter((statement): statement is Extract<Statement, { kind: K }> =>
    (kinds as readonly string[]).includes(statement.kind),
  );
}

function problemFrom(error: unknown): BicepProblem {
  if (error instanceof BicepProblem) return error;
  throw error;
}
