import ts from 'typescript';

/** Parses a source file. */
export function parse({ path, text }) {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** Calls `visit` with a node and with every node below it. */
export function walk(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** Returns the lines that hold a comment and no code. */
export function commentLines(text) {
  return text.split('\n').filter((line) => /^\s*(?:\/\/|\/?\*)/.test(line));
}

/** Returns the exported functions of a file, each with its doc comment or undefined; of overloads the first. */
export function exportedFunctions({ statements, text }) {
  const found = new Map();
  for (const statement of statements) {
    if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    const doc = ts.getLeadingCommentRanges(text, statement.pos)?.at(-1);
    for (const name of functionNames(statement)) {
      if (!found.has(name)) found.set(name, { name, comment: doc && text.slice(doc.pos, doc.end) });
    }
  }
  return [...found.values()];
}

function functionNames(statement) {
  if (ts.isFunctionDeclaration(statement)) return [statement.name?.text ?? 'default'];
  const declared = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [];
  const isFunction = ({ initializer: value }) =>
    value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value));
  return declared.filter(isFunction).map(({ name }) => name.getText());
}
