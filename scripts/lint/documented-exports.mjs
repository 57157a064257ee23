import { docText, firstWord, isThirdPersonVerb } from './first-word.mjs';

/** Lint rule: an exported function has a doc comment, and the comment begins with what the function does. */
export const documentedExports = {
  meta: {
    type: 'suggestion',
    docs: { description: 'Require a doc comment that begins with a verb on every exported function.' },
    schema: [],
    messages: {
      missing: "The exported function '{{name}}' has no doc comment.",
      verb: "The doc comment of '{{name}}' begins with '{{word}}'. Begin with what the function does: 'Reads', 'Returns', 'Is'.",
    },
  },
  create(context) {
    return {
      Program({ body }) {
        for (const { statement, name } of exportedFunctions(body)) {
          const word = firstWord(docBefore(statement, context.sourceCode) ?? '');
          if (isThirdPersonVerb(word)) continue;
          const messageId = word === '' ? 'missing' : 'verb';
          context.report({ node: statement, messageId, data: { name, word } });
        }
      },
    };
  },
};

/** Returns each exported function of a module once: of several overloads the first, which carries the comment. */
function exportedFunctions(body) {
  const listed = new Set(
    body.flatMap(({ type, source, specifiers }) =>
      type === 'ExportNamedDeclaration' && !source ? specifiers.map(({ local }) => local.name) : [],
    ),
  );
  const found = new Map();
  for (const statement of body) {
    const { type, declaration } = statement;
    const isExport = type === 'ExportNamedDeclaration' || type === 'ExportDefaultDeclaration';
    for (const name of functionNames(isExport ? declaration : statement)) {
      if ((isExport || listed.has(name)) && !found.has(name)) found.set(name, { statement, name });
    }
  }
  return [...found.values()];
}

const functionTypes = new Set([
  'ArrowFunctionExpression',
  'FunctionDeclaration',
  'FunctionExpression',
  'TSDeclareFunction',
]);

function functionNames(node) {
  if (node?.type === 'VariableDeclaration') {
    return node.declarations.filter(({ init }) => functionTypes.has(init?.type)).map(({ id }) => id.name);
  }
  return functionTypes.has(node?.type) ? [node.id?.name ?? 'default'] : [];
}

function docBefore(statement, sourceCode) {
  const comment = sourceCode.getCommentsBefore(statement).at(-1);
  return comment && docText(sourceCode.getText(comment));
}
