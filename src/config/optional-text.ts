import * as z from 'zod';
import { spoiledProblem } from './pasted-value';

/**
 * A setting's text without blanks around it; empty counts as absent. Refused when it is evidently a pasting
 * error.
 */
export const optional = z
  .string()
  .superRefine((text, context) => {
    const problem = spoiledProblem(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .trim()
  .transform((text) => (text === '' ? undefined : text))
  .optional();
