import * as z from '../base/schema/schema';
import { spoiledProblem } from './pasted-value';

/**
 * A setting's text without blanks around it; empty counts as absent. Refused when it is evidently a pasting
 * error.
 */
export const optional = z.optional(
  z.pipe(
    z.string().check(
      z.superRefine((text, context) => {
        const problem = spoiledProblem(text);
        if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
      }),
      z.trim(),
    ),
    z.transform((text) => (text === '' ? undefined : text)),
  ),
);

/** Converts a setting's text, or its absence. `convert` may return what `z.refuse` returns. */
export function setting<Value>(convert: (text: string | undefined, context: z.core.ParsePayload) => Value) {
  return z.pipe(optional, z.transform(convert));
}
