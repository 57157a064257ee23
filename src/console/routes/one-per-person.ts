import { ConsoleError } from '../http/message';
import type { Person } from '../sign-in/person';

/**
 * Runs work of a person that calls ARM, unless other work of the same person still does.
 * @throws ConsoleError TOO_MANY
 */
export type OnePerPerson = <T>(person: Person, work: () => Promise<T>) => Promise<T>;

/** Creates the guard that lets each person read ARM once at a time, on each instance. */
export function createOnePerPerson(): OnePerPerson {
  const busy = new Set<string>();
  return async ({ oid }, work) => {
    if (busy.has(oid))
      throw new ConsoleError('TOO_MANY', 'Your last request is still being answered.', {
        retryAfterSeconds: 1,
      });
    busy.add(oid);
    try {
      return await work();
    } finally {
      busy.delete(oid);
    }
  };
}
