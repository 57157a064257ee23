import type { Step } from './step';
import { namesOf } from './world';

/** Matches base64 of JSON, the format of queue messages. */
const isBase64 = /^[A-Za-z0-9+/]{40,}={0,2}$/;

/** Returns the same calls for another connection, with its names in place of the recorded ones. */
export function stepsFor(steps: readonly Step[], from: number, to: number): readonly Step[] {
  return steps.map((step) => {
    const changed = textsIn(step, (text) => substituted(text, from, to)) as Step;
    // A blob's name is a hash, so any other name works as well.
    return 'blob' in changed ? { ...changed, blob: `${changed.blob}-${to}` } : changed;
  });
}

/**
 * Returns the number of the connection that a message names.
 * @throws Error if it names none.
 */
export function indexIn(message: string): number {
  const found = /kv-(\d{7})/.exec(Buffer.from(message, 'base64').toString('utf8'))?.[1];
  if (found === undefined) throw new Error('The message names no connection');
  return Number(found);
}

function substituted(text: string, from: number, to: number): string {
  if (isBase64.test(text)) {
    const plain = Buffer.from(text, 'base64').toString('utf8');
    if (plain.startsWith('{')) return Buffer.from(substituted(plain, from, to)).toString('base64');
  }
  const [old, next] = [namesOf(from), namesOf(to)];
  return text.replaceAll(old.vault, next.vault).replaceAll(old.subscription, next.subscription);
}

function textsIn(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => textsIn(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, textsIn(each, change)]));
}
