import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  jwtVerify,
  type JWTPayload,
} from 'jose';
import type { Clock } from '../../base/clock';
import { firstProblem } from '../../base/errors';
import { isGuid } from '../../base/guid';
import * as z from '../../base/schema/schema';
import { sanitize } from '../../base/text';
import type { ConsoleSettings } from '../../config/config';
import type { ConsoleRole } from '../api';
import { ConsoleError } from '../http/message';
import type { Person } from './person';

/** Verifies the value of `Authorization`. @throws ConsoleError UNAUTHENTICATED, UNAVAILABLE */
export type VerifyToken = (authorization: string | undefined) => Promise<Person>;

/** What `createVerifyToken` needs. */
export interface VerifyOptions {
  readonly settings: Pick<ConsoleSettings, 'authority' | 'tenantId' | 'clientId'>;
  readonly clock: Clock;
  /** Fetches the public keys. */
  readonly fetch: FetchImplementation;
}

/** The scope that the page asks for; a token for anything else is of no use here. */
export const consoleScope = 'Console.Use';

const roles: readonly ConsoleRole[] = ['Postern.Viewer', 'Postern.Approver', 'Postern.Operator'];
const clockSkewSeconds = 60;
/** Longer than any token of Entra: with 200 groups it has about 10 KB. */
const maxTokenLength = 16 * 1024;
const keysTimeoutMs = 5_000;

/**
 * Creates the check of access tokens. Only a signature by the tenant's keys counts, on a token of version
 * 2.0 that the tenant issued to this page, for this app, on behalf of a person. What a platform in front of
 * the app says about the caller is never read. New keys are fetched when a token names an unknown one, at
 * most every 30 seconds.
 */
export function createVerifyToken({ settings, clock, fetch }: VerifyOptions): VerifyToken {
  const { authority, tenantId, clientId } = settings;
  const keys = createRemoteJWKSet(new URL(`${authority}/${tenantId}/discovery/v2.0/keys`), {
    timeoutDuration: keysTimeoutMs,
    [customFetch]: fetch,
  });
  const claims = claimsFor(settings);
  return async (authorization) => {
    const token = tokenFrom(authorization);
    const payload = await verified(token, (text) =>
      jwtVerify(text, keys, {
        algorithms: ['RS256'],
        issuer: `${authority}/${tenantId}/v2.0`,
        audience: clientId,
        clockTolerance: clockSkewSeconds,
        currentDate: clock.now(),
        requiredClaims: ['exp', 'nbf', 'iat'],
      }),
    );
    const parsed = claims.safeParse(payload);
    if (!parsed.success) throw refused(firstProblem(parsed.error));
    return personFrom(parsed.data);
  };
}

function tokenFrom(authorization: string | undefined): string {
  const [, token] = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) throw refused('there is no bearer token');
  if (token.length > maxTokenLength) throw refused('it is too long');
  return token;
}

async function verified(
  token: string,
  verify: (token: string) => Promise<{ readonly payload: JWTPayload }>,
): Promise<JWTPayload> {
  try {
    return (await verify(token)).payload;
  } catch (error) {
    if (error instanceof errors.JOSEError && saysSomethingAboutTheToken(error)) throw refused(error.code);
    throw new ConsoleError('UNAVAILABLE', 'The keys of the sign-in service cannot be read at present.', {
      retryAfterSeconds: 30,
      cause: error,
    });
  }
}

/** The failures of `jose` that come from the key set or its transport, and say nothing about the token. */
const keySetFailures: ReadonlySet<string> = new Set([
  errors.JOSEError.code,
  errors.JWKSTimeout.code,
  errors.JWKSInvalid.code,
  errors.JWKInvalid.code,
]);

function saysSomethingAboutTheToken({ code }: errors.JOSEError): boolean {
  return !keySetFailures.has(code);
}

function refused(why: string): ConsoleError {
  return new ConsoleError('UNAUTHENTICATED', `Sign in again. The access token is not accepted: ${why}.`);
}

const guid = z.pipe(
  z.string().check(z.refine(isGuid)),
  z.transform((text: string) => text.toLowerCase()),
);
const guidThatIs = (wanted: string) => guid.check(z.refine((given) => given === wanted));
const forDisplay = z.catch(z.optional(z.string()), undefined);

function claimsFor({ tenantId, clientId }: VerifyOptions['settings']) {
  return z.object({
    ver: z.literal('2.0'),
    aud: z.literal(clientId),
    tid: guidThatIs(tenantId),
    azp: guidThatIs(clientId),
    oid: guid,
    scp: z.string().check(z.refine((scp) => scp.split(' ').includes(consoleScope))),
    // A token that an app got for itself. No person is behind it.
    idtyp: z.optional(z.string().check(z.refine((idtyp) => idtyp !== 'app'))),
    roles: z.optional(z.array(z.string())),
    groups: z.optional(z.array(guid)),
    hasgroups: z.optional(z.unknown()),
    _claim_names: z.optional(z.unknown()),
    name: forDisplay,
    preferred_username: forDisplay,
    uti: z.catch(z.optional(z.string().check(z.maxLength(100))), undefined),
  });
}

function personFrom(claims: z.output<ReturnType<typeof claimsFor>>): Person {
  const stated = new Set(claims.roles);
  return {
    oid: claims.oid,
    name: sanitize(claims.name ?? claims.preferred_username ?? claims.oid, 128),
    roles: new Set(roles.filter((role) => stated.has(role))),
    groups: groupsFrom(claims),
    tokenId: claims.uti === undefined ? undefined : sanitize(claims.uti, 100),
  };
}

/** Returns the groups; `undefined` if the token says that there are more than it names. */
function groupsFrom(
  claims: Pick<z.output<ReturnType<typeof claimsFor>>, 'groups' | 'hasgroups' | '_claim_names'>,
): ReadonlySet<string> | undefined {
  if (claims.hasgroups !== undefined || claims._claim_names !== undefined) return undefined;
  return new Set(claims.groups);
}
