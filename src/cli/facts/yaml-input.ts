import { type Document, isMap, isScalar } from 'yaml';
import type * as z from '../../base/schema/schema';
import { formatProblems } from '../../policy/file/format-problems';
import { parseYaml } from '../../policy/file/parse-yaml';
import type { PolicyFile, PolicyProblem } from '../../policy/policy';
import { placeOf, SourceText } from '../../policy/file/source-text';
import { CliError } from '../cli-host';

type Path = readonly PropertyKey[];

/** A parsed YAML or JSON file that was written for a tool. */
export interface YamlInput {
  readonly value: unknown;
  /** Creates a problem located at the value at `path`, or at the closest value around it. */
  problem(path: Path, message: string): PolicyProblem;
}

/** Parses a YAML or JSON file. @throws CliError with every problem, its location and a caret. */
export function parseInput(file: PolicyFile): YamlInput {
  const source = new SourceText({ ...file, text: asYaml(file.text) });
  const yaml = parseYaml(source);
  if (yaml.kind === 'refused') throw inputError(yaml.problems, file);
  const { document } = yaml;
  return {
    value: document.toJS({ maxAliasCount: 0 }) as unknown,
    problem: (path, message) => source.problem(placeOf(nodeNear(document, path)), message),
  };
}

/**
 * Makes JSON readable as YAML: replaces comments and tabs by blanks, so that every location stays
 * the same.
 */
function asYaml(text: string): string {
  if (!/^\s*(?:[{[]|\/[/*])/.test(text)) return text;
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\t/g, (part) =>
    part.startsWith('"') ? part : part.replace(/[^\r\n]/g, ' '),
  );
}

/**
 * Validates a parsed file against a schema.
 * @throws CliError with every problem, its location and a caret.
 */
export function checkInput<Schema extends z.ZodMiniType>(
  input: YamlInput,
  schema: Schema,
  file: PolicyFile,
): z.output<Schema> {
  const checked = schema.safeParse(input.value ?? {});
  if (checked.success) return checked.data;
  const problems = checked.error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [input.problem(issue.path, messageOf(issue))];
    return issue.keys.map((key) =>
      input.problem([...issue.path, key], `unknown key \`${key.slice(0, 64)}\`: remove or correct it`),
    );
  });
  throw inputError(problems, file);
}

/** Creates an error that lists problems with their locations and carets. */
export function inputError(problems: readonly PolicyProblem[], file: PolicyFile): CliError {
  return new CliError(formatProblems(problems, [file]));
}

function messageOf({ path, message }: z.core.$ZodIssue): string {
  const where = path.map(String).join('.');
  return where === '' ? message : `\`${where}\`: ${message}`;
}

/**
 * Returns the key of the value at `path` if it is in a map; otherwise the value itself, or the
 * closest one around it.
 */
function nodeNear(document: Document.Parsed, path: Path): unknown {
  if (path.length === 0) return document.contents;
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
    if (pair !== undefined) return pair.key;
  }
  return document.getIn(path, true) ?? nodeNear(document, path.slice(0, -1));
}
