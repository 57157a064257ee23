import { join } from 'node:path';
import ts from 'typescript';

/**
 * Finds the mutants that the compiler refuses: `npm run check` catches them before any test runs. Only the mutated file is
 * checked, so a mutant that breaks the types of another file counts as accepted.
 * @param {readonly { file: string, text: string }[]} mutants the path of a file, from `root`, and its mutated text
 * @returns {Set<object>} those of `mutants` that do not compile.
 */
export function refusedByCompiler(root, mutants) {
  const check = createChecker(root);
  const refused = mutants.filter(({ file, text }) => check(join(root, file), text) > 0);
  for (const file of new Set(mutants.map(({ file }) => file))) {
    if (check(join(root, file)) > 0) throw new Error(`${file} does not compile, without any mutant`);
  }
  return new Set(refused);
}

/** Returns a function that counts the errors in a file, with another text if one is given. */
function createChecker(root) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent({ ...config, include: ['src'] }, ts.sys, root);
  let mutated;
  let version = 0;
  const host = {
    getCompilationSettings: () => ({
      ...options,
      // A mutant is not refused for what it no longer uses or reaches.
      noUnusedLocals: false,
      noUnusedParameters: false,
      allowUnreachableCode: true,
    }),
    getScriptFileNames: () => fileNames,
    getScriptVersion: (file) => (file === mutated?.file ? `${version}` : 'as it is'),
    getScriptSnapshot(file) {
      const text = file === mutated?.file ? mutated.text : ts.sys.readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
  };
  const service = ts.createLanguageService(host);
  return (file, text) => {
    version += 1;
    mutated = text === undefined ? undefined : { file, text };
    return service.getSyntacticDiagnostics(file).length + service.getSemanticDiagnostics(file).length;
  };
}
