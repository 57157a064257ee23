import { type Document, isMap, isScalar } from 'yaml';
import type { z } from 'zod';
import { formatProblems } from '../../policy/file/format-problems';
import { parseYaml } from '../../policy/file/parse-yaml';
import type { PolicyFile, PolicyProblem } from '../../policy/policy';
import { placeOf, SourceText } from '../../policy/file/source-text';
import { CliError } from '../cli-host';

type Path = readonly PropertyKey[];

/** A YAML or JSON file that a person wrote for a tool. */
export interface YamlInput {
  readonly value: unknown;
  /** A problem where the value at `path` stands, or where the nearest thing around it does. */
  problem(path: Path, message: string): PolicyProblem;
}

/** @throws CliError with every problem, its place and a caret. */
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

/** JSON as tools write it is YAML but for its comments and its tabs: blanks stand for those, so that every place stays. */
function asYaml(text: string): string {
  if (!/^\s*(?:[{[]|\/[/*])/.test(text)) return text;
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|\t/g, (part) =>
    part.startsWith('"') ? part : part.replace(/[^\r\n]/g, ' '),
  );
}

/** What the schema makes of the file. @throws CliError with every problem, its place and a caret. */
export function checkInput<Schema extends z.ZodType>(
  input: YamlInput,
  schema: Schema,
  file: PolicyFile,
): z.output<Schema> {
  const checked = schema.safeParse(input.value ?? {});
  if (checked.success) return checked.data;
  const problems = checked.error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [input.problem(issue.path, messageOf(issue))];
    return issue.keys.map((key) =>
      input.problem([...issue.path, key], `unknown key \`${key.slice(0, 64)}\`: take it out, or correct it`),
    );
  });
  throw inputError(problems, file);
}

export function inputError(problems: readonly PolicyProblem[], file: PolicyFile): CliError {
  return new CliError(formatProblems(problems, [file]));
}

function messageOf({ path, message }: z.core.$ZodIssue): string {
  const where = path.map(String).join('.');
  return where === '' ? message : `\`${where}\`: ${message}`;
}

/** The key of what stands at `path` where it is a map's, because that names it; else the node itself. */
function nodeNear(document: Document.Parsed, path: Path): unknown {
  if (path.length === 0) return document.contents;
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1));
    if (pair !== undefined) return pair.key;
  }
  return document.getIn(path, true) ?? nodeNear(document, path.slice(0, -1));
}
