import { describeError, PosternError } from '../errors';
import { factsFromInput, factsInputSchema, type FactsDefaults } from './facts-input';
import type { Simulated } from './simulation';

/** Facts from JSON lines, as `postern export` writes them; empty lines are passed over. */
export async function* factsFromLines(
  lines: AsyncIterable<string>,
  defaults: FactsDefaults,
): AsyncGenerator<Simulated> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() !== '') yield factsFromLine(line, `line ${number}`, defaults);
  }
}

function factsFromLine(line: string, id: string, defaults: FactsDefaults): Simulated {
  const value = jsonFrom(line);
  if (value === undefined) return { kind: 'unread', id, problem: 'not JSON' };
  const input = factsInputSchema.safeParse(value);
  if (!input.success) {
    const [issue] = input.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    return { kind: 'unread', id, problem: `${where}${issue?.message ?? 'not facts'}` };
  }
  try {
    return { kind: 'facts', facts: factsFromInput(input.data, defaults) };
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    return { kind: 'unread', id, problem: describeError(error) };
  }
}

function jsonFrom(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
