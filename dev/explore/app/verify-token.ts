// Stands in for `src/console/sign-in/verify-token.ts` in the bundle of the explorer: signatures are checked by threads
// of their own, in real time, which no world may notice. The identity that a request states counts as proven.
import type { Person } from '../../../src/console/sign-in/person';
import type { VerifyOptions, VerifyToken } from '../../../src/console/sign-in/verify-token';
import { ConsoleError } from '../../../src/console/http/message';
import type { ConsolePerson } from '../world/console/people';

export type { VerifyOptions, VerifyToken };

export const consoleScope = 'Console.Use';

export function createVerifyToken(_options: VerifyOptions): VerifyToken {
  return async (authorization = '') => {
    const [, json] = /^Proven (.*)$/.exec(authorization) ?? [];
    if (json === undefined) throw new ConsoleError('UNAUTHENTICATED', 'Sign in again.');
    return personFrom(JSON.parse(json) as ConsolePerson);
  };
}

function personFrom({ name, oid, roles, groups }: ConsolePerson): Person {
  return {
    name,
    oid,
    roles: new Set(roles),
    groups: groups === undefined ? undefined : new Set(groups),
    tokenId: `token-${name}`,
  };
}
