import { config, type core, NEVER } from 'zod/mini';
import { en } from 'zod/v4/locales';

// The schemas of all untrusted data. This is the small variant of zod: its schemas are functions instead of chains of
// methods, which a cold start loads in half the time. It has no messages until it is given a language, so nothing else
// may import it.
config(en());

export * from 'zod/mini';
export { $ZodError as ZodError } from 'zod/v4/core';

/**
 * Reports the value that a `z.transform` is given as wrong. `path`: where in the value. Return what this returns.
 */
export function refuse(
  context: core.ParsePayload,
  message: string | undefined,
  path: readonly PropertyKey[] = [],
): typeof NEVER {
  context.issues.push({ code: 'custom', message, path: [...path], input: context.value });
  return NEVER;
}
