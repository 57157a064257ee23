import { errorFromFailure, errorFromReply } from '../../../src/azure/arm-errors';
import { ArmError, PosternError, type ArmErrorCode } from '../../../src/errors';
import { FakeClock } from '../../support/fakes/fake-clock';

const url =
  'https://arm.test/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v/privateEndpointConnections/c?api-version=1';
const clock = new FakeClock('2026-01-05T12:00:00.000Z');

interface Case {
  readonly title: string;
  readonly status: number;
  readonly body?: string;
  readonly code: ArmErrorCode;
}

const coded = (code: string, message = 'text') => JSON.stringify({ error: { code, message } });

const cases: readonly Case[] = [
  { title: 'a 400 is refused', status: 400, body: coded('InvalidValues'), code: 'ARM_REFUSED' },
  {
    title: 'a 400 of the HSM, whose code is a number as text, is refused',
    status: 400,
    body: coded('400'),
    code: 'ARM_REFUSED',
  },
  {
    title: 'a 400 that says that the connection is not there means gone',
    status: 400,
    body: '{"code":"BadRequest","message":"Cluster \'x\' does not contain a Private Endpoint Connection named \'y\'"}',
    code: 'ARM_NOT_FOUND',
  },
  {
    title: 'a 400 that speaks of another thing that is not found is refused',
    status: 400,
    body: coded('BadRequest', 'Subnet not found'),
    code: 'ARM_REFUSED',
  },
  {
    title: 'a 401 is unauthenticated',
    status: 401,
    body: coded('InvalidAuthenticationToken'),
    code: 'ARM_UNAUTHENTICATED',
  },
  { title: 'a 403 is forbidden', status: 403, body: coded('AuthorizationFailed'), code: 'ARM_FORBIDDEN' },
  { title: 'a 403 without a body is forbidden', status: 403, body: '', code: 'ARM_FORBIDDEN' },
  {
    title: 'a denial by Azure Policy is refused, not forbidden',
    status: 403,
    body: coded('RequestDisallowedByPolicy'),
    code: 'ARM_REFUSED',
  },
  { title: 'a 404 is not found', status: 404, body: coded('ResourceNotFound'), code: 'ARM_NOT_FOUND' },
  { title: 'a 404 without a body is not found', status: 404, body: '', code: 'ARM_NOT_FOUND' },
  {
    title: 'a 404 in HTML is somebody in between',
    status: 404,
    body: '<html>no</html>',
    code: 'ARM_UNREADABLE',
  },
  {
    title: 'a 404 of an unknown type is refused, because nothing is gone',
    status: 404,
    body: coded('InvalidResourceType'),
    code: 'ARM_REFUSED',
  },
  { title: 'a 408 is unavailable', status: 408, body: '', code: 'ARM_UNAVAILABLE' },
  { title: 'a 409 is a conflict', status: 409, body: coded('ConflictError'), code: 'ARM_CONFLICT' },
  {
    title: 'a locked API Management service is a conflict',
    status: 409,
    body: coded('ServiceLocked'),
    code: 'ARM_CONFLICT',
  },
  { title: 'a 409 without a body is a conflict', status: 409, body: '', code: 'ARM_CONFLICT' },
  {
    title: 'a resource lock is refused: patience does not lift it',
    status: 409,
    body: coded('ScopeLocked'),
    code: 'ARM_REFUSED',
  },
  { title: 'a 412 is a conflict', status: 412, body: '', code: 'ARM_CONFLICT' },
  { title: 'a 429 is throttled', status: 429, body: '', code: 'ARM_THROTTLED' },
  {
    title: "a 429 in the web apps' spelling is throttled",
    status: 429,
    body: '{"Code":"429","Message":"lock"}',
    code: 'ARM_THROTTLED',
  },
  {
    title: 'a lock that calls itself retryable is throttled, whatever its status',
    status: 400,
    body: coded('RetryableError'),
    code: 'ARM_THROTTLED',
  },
  { title: 'a 500 without a body is unavailable', status: 500, body: '', code: 'ARM_UNAVAILABLE' },
  { title: 'a 504 is unavailable', status: 504, body: coded('GatewayTimeout'), code: 'ARM_UNAVAILABLE' },
  { title: 'a redirect is an untrusted URL', status: 307, body: '', code: 'ARM_UNTRUSTED_URL' },
];

const reply = (status: number, body = '', headers: Record<string, string> = {}) => ({
  httpStatus: status,
  headers: { get: (name: string) => headers[name] },
  body,
});

describe('errorFromReply', () => {
  test.each(cases)('$title', ({ status, body, code }) => {
    const error = errorFromReply(reply(status, body), 'PUT', url, clock);
    expect(error).toBeInstanceOf(ArmError);
    expect(error).toMatchObject({ code, httpStatus: status });
  });

  const strange = [
    'null',
    '[]',
    '"text"',
    '{"error":null}',
    '{"error":"text"}',
    '{"error":{"code":7}}',
    '<html>',
    '{',
  ];
  test.each(strange)('a body of %p is no reason to crash', (body) => {
    expect(errorFromReply(reply(500, body), 'GET', url, clock).code).toBe('ARM_UNAVAILABLE');
  });

  test('a missing permission is named from the request when ARM names none', () => {
    const error = errorFromReply(reply(403), 'PUT', url, clock);
    expect(error.action).toBe('Microsoft.KeyVault/vaults/privateEndpointConnections/write');
    expect(error.message).toContain('Microsoft.KeyVault/vaults/privateEndpointConnections/write');
  });

  test("ARM's own naming of the missing permission wins, the linked scope's last", () => {
    const message =
      "The client 'x' has permission to perform action 'Microsoft.A/b/write' on scope 's'; however, it does not have permission to perform action(s) 'Microsoft.Network/c/join/action' on the linked scope(s) 't'";
    const error = errorFromReply(reply(403, coded('LinkedAuthorizationFailed', message)), 'PUT', url, clock);
    expect(error.action).toBe('Microsoft.Network/c/join/action');
  });

  test('Azure Policy is named when it denied', () => {
    const error = errorFromReply(
      reply(403, coded('RequestDisallowedByPolicy', 'by audit-pe')),
      'PUT',
      url,
      clock,
    );
    expect(error.message).toBe(
      'Azure Policy denied the request: HTTP 403 RequestDisallowedByPolicy by audit-pe',
    );
    expect(error.action).toBeUndefined();
  });

  test('Retry-After is carried in seconds', () => {
    expect(errorFromReply(reply(429, '', { 'retry-after': '17' }), 'GET', url, clock).retryAfterSeconds).toBe(
      17,
    );
    expect(errorFromReply(reply(429), 'GET', url, clock).retryAfterSeconds).toBeUndefined();
  });

  test('a message is one line of at most 500 characters without anything that looks like a token', () => {
    const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
    const text = `line\r\nline \u202e Authorization: Bearer abc.def ${jwt} ${'x'.repeat(2000)}`;
    const { message } = errorFromReply(reply(400, coded('Bad', text)), 'GET', url, clock);
    expect(message.length).toBeLessThanOrEqual(500);
    expect(message).not.toMatch(/eyJ|abc\.def|[\r\n\u202e]/);
  });
});

describe('errorFromFailure', () => {
  test('a coded error, such as a lost lease, stays what it is', () => {
    const lost = new PosternError('LEASE_LOST', 'lost');
    expect(errorFromFailure(lost)).toBe(lost);
  });

  const failures: readonly [string, unknown, ArmErrorCode][] = [
    [
      'a refused connection',
      Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
      'ARM_UNREACHABLE',
    ],
    ['a reset', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), 'ARM_UNREACHABLE'],
    [
      'headers that are too long',
      Object.assign(new Error('overflow'), { code: 'HPE_HEADER_OVERFLOW' }),
      'ARM_UNREADABLE',
    ],
    [
      'a reply that is no HTTP',
      Object.assign(new Error('parse'), { code: 'HPE_INVALID_CONSTANT' }),
      'ARM_UNREADABLE',
    ],
    ['something that is no error', 'text', 'ARM_UNREACHABLE'],
    ['nothing', undefined, 'ARM_UNREACHABLE'],
  ];
  test.each(failures)('%s has a code', (_title, failure, code) => {
    expect(errorFromFailure(failure)).toMatchObject({ code });
  });

  test('the request inside a network error, with its token, is not kept', () => {
    const failure = Object.assign(new Error('reset'), {
      code: 'ECONNRESET',
      request: { headers: 'Bearer secret' },
    });
    const error = errorFromFailure(failure);
    expect(error.cause).toBeUndefined();
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret');
  });
});
