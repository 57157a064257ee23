import { parseJson } from '../../../../src/azure/arm/body';
import { errorFromFailure, errorFromReply } from '../../../../src/azure/arm/errors';
import { ArmError, PosternError, type ArmErrorCode } from '../../../../src/base/errors';
import { FakeClock } from '../../../support/fakes/fake-clock';

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

  const vault =
    'https://management.azure.com/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv/privateEndpointConnections/pe?api-version=2024-11-01';
  const there = '22222222-2222-2222-2222-222222222222';
  const told = (status: number, body: object | string, at = vault) =>
    errorFromReply(reply(status, typeof body === 'string' ? body : JSON.stringify(body)), 'PUT', at, clock);

  test('the linked scope on which a right is missing is named, however long the words before it are', () => {
    const scope = `/subscriptions/${there}/resourceGroups/rg-web/providers/Microsoft.Network/privateEndpoints/pe-web`;
    const message = `The client '${there}' with object id '${there}' has permission to perform action 'Microsoft.KeyVault/vaults/privateEndpointConnections/write' on scope '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/${'g'.repeat(90)}/providers/Microsoft.KeyVault/vaults/kv-shared-by-all/privateEndpointConnections/${'c'.repeat(60)}'; however, it does not have permission to perform action(s) 'Microsoft.Network/privateEndpoints/read' on the linked scope(s) '${scope}' (respectively) or the linked scope(s) are invalid.`;
    const error = told(403, { error: { code: 'LinkedAuthorizationFailed', message } });
    expect(error.message).toContain(
      `may not perform Microsoft.Network/privateEndpoints/read on ${scope}: HTTP 403`,
    );
    expect(error).toMatchObject({ code: 'ARM_FORBIDDEN', action: 'Microsoft.Network/privateEndpoints/read' });
  });

  test('a linked subscription of another tenant is called that', () => {
    const message = `The client has permission to perform action 'Microsoft.Network/privateEndpoints/write' on scope '/x', however the current tenant '${there}' is not authorized to access linked subscription '33333333-3333-3333-3333-333333333333'.`;
    const error = told(403, { error: { code: 'LinkedAuthorizationFailed', message } });
    expect(error.message).toMatch(/^The linked subscription 33333333-\S+ belongs to another tenant/);
  });

  test.each([
    [
      'at the requester',
      403,
      'AuthorizationFailed',
      `Microsoft.KeyVault provider must be registered on subscription containing private endpoint: /subscriptions/${there}/resourceGroups/n/providers/Microsoft.Network/privateEndpoints/pe`,
      `az provider register --namespace Microsoft.KeyVault --subscription ${there}`,
    ],
    [
      'at the target',
      409,
      'MissingSubscriptionRegistration',
      "The subscription is not registered to use namespace 'Microsoft.Network'. See https://aka.ms/rps-not-found for how to register subscriptions.",
      'az provider register --namespace Microsoft.Network --subscription 11111111-1111-1111-1111-111111111111',
    ],
    [
      'by another code',
      400,
      'SubscriptionNotRegistered',
      `Subscription ${there} is not registered with NRP.`,
      `az provider register --namespace Microsoft.KeyVault --subscription ${there}`,
    ],
    [
      'in words alone, with a 404',
      404,
      'NotFound',
      `The resource provider 'Microsoft.ApiManagement' is not registered for subscription '${there}'.`,
      `az provider register --namespace Microsoft.ApiManagement --subscription ${there}`,
    ],
    [
      'in older words',
      400,
      'BadRequest',
      "The subscription must be registered to use namespace 'microsoft.keyvault'.",
      'az provider register --namespace microsoft.keyvault --subscription 11111111-1111-1111-1111-111111111111',
    ],
    [
      'for a feature',
      409,
      'SubscriptionNotRegisteredForFeature',
      `Subscription /subscriptions/${there}/resourceGroups/ is not registered for feature Microsoft.Network/AllowPrivateEndpoints required to carry out the requested operation.`,
      `az feature register --namespace Microsoft.Network --name AllowPrivateEndpoints --subscription ${there}`,
    ],
  ])(
    'a provider that is not registered %s is no missing right: the mend can be typed',
    (_, status, code, message, fix) => {
      const error = told(status, { error: { code, message } });
      expect(error.code).toBe('ARM_REFUSED');
      expect(error.message).toContain(fix);
      expect(error.message).toContain(message.slice(0, 60));
      expect(error.message).not.toContain('The identity may not perform');
    },
  );

  const support =
    'Please provide below info when asking for support: timestamp = 2024-01-03T00:55:29Z, correlationId = 0.';
  const none = 'NoValidSubscriptionsInQueryRequest';
  test.each<[string, object]>([
    [
      'in details',
      { error: { code: 'BadRequest', message: support, details: [{ code: none, message: 'None.' }] } },
    ],
    [
      'deep in them',
      {
        error: {
          code: 'A',
          message: support.repeat(5),
          details: [{ code: 'B', details: [{ code: none, message: 'None.' }] }],
        },
      },
    ],
    [
      'in an inner error',
      { error: { code: 'A', message: support, innererror: { code: none, message: 'None.' } } },
    ],
    ['in capitals', { Error: { Code: 'A', Message: support, Details: [{ Code: none, Message: 'None.' }] } }],
    [
      'in JSON within the message',
      { error: { code: 'A', message: JSON.stringify({ error: { code: none, message: 'None.' } }) } },
    ],
    [
      'without an error around it',
      { code: 'A', message: support, details: [{ code: none, message: 'None.' }] },
    ],
  ])('the cause %s is told, before what stands around it', (_, body) => {
    expect(told(400, body).message).toMatch(new RegExp(`^HTTP 400 \\w+ ${none}: None\\.`));
  });

  test('details that nest without end, or are no list, are no reason to crash', () => {
    let deep: object = { code: 'x' };
    for (let index = 0; index < 2_000; index += 1) deep = { details: [deep] };
    expect(told(400, { error: deep }).code).toBe('ARM_REFUSED');
    for (const details of ['text', {}, [null, 1, []], { code: 'x' }])
      expect(told(400, { error: { code: 'Bad', message: 'm', details } }).message).toBe('HTTP 400 Bad m');
  });

  const list =
    "The supported api-versions are '2019-09-01, 2021-10-01, 2022-07-01, 2023-08-01-preview'. The supported locations are 'chinanorth, chinaeast2'.";
  test.each([
    [
      'NoRegisteredProviderFound',
      400,
      `No registered resource provider found for location 'chinaeast2' and API version '2024-11-01' for type 'vaults'. ${list}`,
    ],
    [
      'InvalidResourceType',
      404,
      `The resource type could not be found in the namespace 'Microsoft.KeyVault' for api version '2024-11-01'. ${list}`,
    ],
    [
      'InvalidApiVersionParameter',
      400,
      "The api-version '2024-11-01' is invalid. The supported versions are '2022-07-01,2021-10-01,2023-08-01-preview'.",
    ],
    [
      'BadRequest',
      400,
      "The api-version '2024-11-01' is not supported. Supported versions: 2021-10-01, 2022-07-01",
    ],
  ])('%s names the setting and the newest stable version that the cloud knows', (code, status, message) => {
    const error = told(status, { error: { code, message } });
    expect(error.code).toBe('ARM_REFUSED');
    expect(error.message).toContain('API_VERSIONS=Microsoft.KeyVault=2022-07-01');
    expect(error.message).toContain(`HTTP ${status} ${code}`);
  });

  test('a refusal that lists the version that was sent is about something else', () => {
    const message =
      "No registered resource provider found for location 'x' and API version '2024-11-01' for type 'vaults'. The supported api-versions are '2022-07-01, 2024-11-01'.";
    expect(told(400, { error: { code: 'NoRegisteredProviderFound', message } }).message).not.toContain(
      'API_VERSIONS',
    );
    const unknown = "The resource type 'x' could not be found in the namespace 'Microsoft.KeyVault'.";
    expect(told(404, { error: { code: 'InvalidResourceType', message: unknown } }).message).not.toContain(
      'API_VERSIONS',
    );
  });

  test.each([
    [
      502,
      '<html>\r\n<head><title>502 Bad Gateway</title></head><body>x</body></html>',
      'ARM_UNAVAILABLE',
      '“502 Bad Gateway”',
    ],
    [
      403,
      '\ufeff<!DOCTYPE html><HTML><HEAD><TITLE>Access &amp; Web\n Policy</TITLE>',
      'ARM_UNREADABLE',
      '“Access & Web Policy”',
    ],
    [
      403,
      '<html><body><h1>Blocked by <b>proxy</b></h1></body></html>',
      'ARM_UNREADABLE',
      '“Blocked by proxy”',
    ],
    [404, '<html></html>', 'ARM_UNREADABLE', 'a page of HTML:'],
    [
      500,
      "<?xml version='1.0'?><Error><Code>ServerBusy</Code><Message>later</Message></Error>",
      'ARM_UNAVAILABLE',
      'ServerBusy later',
    ],
  ])('a page with HTTP %i is told by its title, and is no word of ARM', (status, body, code, title) => {
    const error = told(status, body);
    expect(error.code).toBe(code);
    expect(error.message).toContain(title);
    expect(error.message).not.toMatch(/may not perform|<|>/);
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

test('a page that comes with a success is told by its title, too', () => {
  const page = '<html><head><title>Sign in to the network</title></head></html>';
  expect(() => parseJson(page)).toThrow('a page of HTML, “Sign in to the network”');
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
