import { describeError, PosternError } from '../../base/errors';
import { tryParseJson } from '../../base/json';
import { inputFromArm } from './connection-file';
import { shapeOf } from './connection-shape';
import {
  factsFromInput,
  factsInputSchema,
  type FactsDefaults,
  type FactsInput,
  type FactsReading,
} from './facts-input';
import { readJson } from './json-text';

/** Maximum length, in characters, of a document on many lines, because it is kept in memory as a whole. */
const longestDocument = 64 * 1024 * 1024;

/**
 * Reads facts from JSON lines, as `postern export` writes them, one at a time; or from one JSON
 * document on many lines, as ARM, the Azure CLI and Az PowerShell print lists of connections. Skips
 * empty lines.
 */
export async function* factsFromLines(
  lines: AsyncIterable<string>,
  defaults: FactsDefaults,
): AsyncGenerator<FactsReading> {
  let number = 0;
  let document: string[] | undefined;
  let length = 0;
  for await (const line of lines) {
    number += 1;
    if (number === 1 && !isWhole(line)) document = [];
    if (document === undefined) {
      yield* factsFromLine(line, number, defaults);
      continue;
    }
    document.push(line);
    length += line.length;
    if (length < longestDocument) continue;
    yield* factsOfAll(document, defaults);
    document = undefined;
  }
  if (document !== undefined) yield* factsFromDocument(document, defaults);
}

function isWhole(line: string): boolean {
  return line.trim() !== '' && tryParseJson(line) !== undefined;
}

function* factsFromDocument(lines: readonly string[], defaults: FactsDefaults): Generator<FactsReading> {
  const reading = readJson(lines.join('\n'));
  if (reading.kind === 'refused') yield* factsOfAll(lines, defaults);
  else yield* factsFromValue(reading.value, 'the file', defaults);
}

function* factsOfAll(lines: readonly string[], defaults: FactsDefaults): Generator<FactsReading> {
  for (const [index, line] of lines.entries()) yield* factsFromLine(line, index + 1, defaults);
}

function* factsFromLine(line: string, number: number, defaults: FactsDefaults): Generator<FactsReading> {
  if (line.trim() === '') return;
  const id = `line ${number}`;
  const value = tryParseJson(line);
  if (value === undefined) yield { kind: 'readFailed', id, problem: 'not JSON' };
  else yield* factsFromValue(value, id, defaults);
}

function* factsFromValue(value: unknown, id: string, defaults: FactsDefaults): Generator<FactsReading> {
  const shape = shapeOf(value);
  if (shape.kind !== 'list') {
    yield factsFrom(shape, value, { id, defaults });
    return;
  }
  for (const [index, item] of shape.items.entries())
    yield* factsFromValue(
      item,
      id === 'the file' ? `entry ${index + 1}` : `${id}, entry ${index + 1}`,
      defaults,
    );
}

function factsFrom(
  shape: Exclude<ReturnType<typeof shapeOf>, { readonly kind: 'list' }>,
  value: unknown,
  { id, defaults }: { readonly id: string; readonly defaults: FactsDefaults },
): FactsReading {
  if (shape.kind === 'other') return { kind: 'readFailed', id, problem: `this is ${shape.what}` };
  const input = shape.kind === 'facts' ? inputFromFacts(value) : inputFromArm(shape.form);
  if (typeof input === 'string') return { kind: 'readFailed', id, problem: input };
  try {
    return { kind: 'facts', facts: factsFromInput(input, defaults) };
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    return { kind: 'readFailed', id, problem: describeError(error) };
  }
}

/** Validates facts. Returns the first problem, as text, if there is one. */
function inputFromFacts(value: unknown): FactsInput | string {
  const input = factsInputSchema.safeParse(value);
  if (input.success) return input.data;
  const [issue] = input.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  return `${where}${issue?.message ?? 'not facts'}`;
}
