import { ArmError, PosternError } from '../../../src/base/errors';

/** What no text from outside may carry into a log, an audit record or a console. */
export const harmfulPattern = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;

/** One line of visible text, not longer than that. */
export function expectHarmless(text: string, maxLength: number): void {
  // Cheaper than a matcher a case, and the text itself would garble the terminal.
  if (text.length > maxLength) throw new Error(`${text.length} characters, more than ${maxLength}`);
  const found = harmfulPattern.exec(text);
  if (found === null) return;
  const code = found[0].codePointAt(0)?.toString(16);
  throw new Error(`U+${code} at ${found.index} of ${JSON.stringify(text.slice(0, 200))}`);
}

/** Every text in a JSON-like value, keys included, is harmless and bounded. */
export function expectAllHarmless(value: unknown, maxLength: number): void {
  if (typeof value === 'string') return expectHarmless(value, maxLength);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    expectHarmless(key, maxLength);
    expectAllHarmless(inner, maxLength);
  }
}

/** What `work` came to: its value, or an error with a code. Any other error fails the property. */
export async function valueOrNamedError<T>(work: () => Promise<T>): Promise<T | PosternError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PosternError) return error;
    throw error;
  }
}

/** The same for a call to ARM, whose every failure is an `ArmError` that is fit for a log. */
export async function valueOrArmError<T>(work: () => Promise<T>): Promise<T | ArmError> {
  const outcome = await valueOrNamedError(work);
  if (!(outcome instanceof PosternError)) return outcome;
  if (!(outcome instanceof ArmError)) throw outcome;
  expect(outcome.code).toMatch(/^ARM_[A-Z_]+$/);
  expectHarmless(outcome.message, 600);
  const { retryAfterSeconds: wait } = outcome;
  if (wait !== undefined) expectDelay(wait);
  return outcome;
}

/** Whole seconds that a storage queue can hide a message for. */
export function expectDelay(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= 604_800) return;
  throw new Error(`not a delay: ${seconds}`);
}
