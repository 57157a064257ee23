import { createScriptedArm, testOrigin, type ScriptedReply } from '../../../../support/http/scripted-arm';

const url = `${testOrigin}/operations/1?api-version=1`;
const other = `${testOrigin}/operations/2?api-version=1`;

async function read(reply: ScriptedReply) {
  return createScriptedArm([reply]).operations.read(url);
}

describe('an operation URL', () => {
  test.each<[string, ScriptedReply, object]>([
    [
      '202 without a body',
      { status: 202, headers: { 'retry-after': '30' } },
      { httpStatus: 202, status: undefined, retryAfterSeconds: 30 },
    ],
    ['204', { status: 204 }, { httpStatus: 204, status: undefined, error: undefined }],
    ['200 without a body', { status: 200 }, { httpStatus: 200, status: undefined }],
    ['a running operation', { status: 200, body: { status: 'InProgress' } }, { status: 'InProgress' }],
    [
      'an operation that succeeded',
      { status: 200, body: { status: 'Succeeded', properties: { output: {} } } },
      { status: 'Succeeded' },
    ],
    [
      'the resource itself',
      { status: 200, body: { id: 'x', properties: { provisioningState: 'Updating' } } },
      { status: 'Updating' },
    ],
    ['an empty object', { status: 200, body: {} }, { status: undefined }],
    ['null', { status: 200, body: 'null' }, { status: undefined }],
    ['a bare text', { status: 200, body: '"Succeeded"' }, { status: undefined }],
    ['a status that is no text', { status: 200, body: { status: 3 } }, { status: undefined }],
    [
      'a failure',
      { status: 200, body: { status: 'Failed', error: { code: 'Conflict', message: 'busy' } } },
      { status: 'Failed', error: { code: 'Conflict', message: 'busy' } },
    ],
    [
      'a failure with nothing but an inner error',
      {
        status: 200,
        body: {
          status: 'Failed',
          error: { innererror: { exceptiontype: 'DiskException', errordetail: 'boom' } },
        },
      },
      { status: 'Failed', error: { code: 'DiskException', message: 'boom' } },
    ],
    [
      'a failure without an error',
      { status: 200, body: { status: 'Failed' } },
      { status: 'Failed', error: undefined },
    ],
    [
      'a failure with an empty error',
      { status: 200, body: { status: 'Failed', error: {} } },
      { error: { code: 'Unknown', message: 'the provider gave no reason' } },
    ],
    [
      'an error that is null',
      { status: 200, body: { status: 'Canceled', error: null } },
      { status: 'Canceled', error: undefined },
    ],
  ])('that answers with %s is reported', async (_title, reply, expected) => {
    await expect(read(reply)).resolves.toMatchObject(expected);
  });

  test('tells the cause of a failure, and the mend of a provider that is not registered', async () => {
    const subscription = '22222222-2222-2222-2222-222222222222';
    const cause = `Microsoft.KeyVault provider must be registered on subscription containing private endpoint: /subscriptions/${subscription}/x`;
    const error = {
      code: 'Failed',
      message: 'Ask for support.',
      details: [{ code: 'AuthorizationFailed', message: cause }],
    };
    const { error: told } = await read({ status: 200, body: { status: 'Failed', error } });
    expect(told?.message).toContain(
      `az provider register --namespace Microsoft.KeyVault --subscription ${subscription}`,
    );
    expect(told?.message).toContain('AuthorizationFailed: Microsoft.KeyVault provider must be registered');
  });

  test.each<[string, ScriptedReply, string | undefined]>([
    ['another Location', { status: 202, headers: { location: other } }, other],
    ['the same Location', { status: 202, headers: { location: url } }, undefined],
    [
      'another operation',
      { status: 200, headers: { 'azure-asyncoperation': other }, body: { status: 'InProgress' } },
      other,
    ],
    [
      'the Location of a result beside a status',
      { status: 200, headers: { location: other }, body: { status: 'Succeeded' } },
      undefined,
    ],
    ["a stranger's Location", { status: 202, headers: { location: 'https://evil.test/x' } }, undefined],
    ['a relative Location', { status: 202, headers: { location: '/x' } }, undefined],
    ['no Location', { status: 202 }, undefined],
  ])('that names %s is followed, or not', async (_title, reply, nextUrl) => {
    expect((await read(reply)).nextUrl).toBe(nextUrl);
  });

  test.each<[number, string]>([
    [403, 'ARM_FORBIDDEN'],
    [404, 'ARM_NOT_FOUND'],
    [429, 'ARM_THROTTLED'],
    [500, 'ARM_UNAVAILABLE'],
  ])('that answers %d fails with %s', async (status, code) => {
    await expect(read({ status })).rejects.toMatchObject({ code, httpStatus: status });
  });

  test('that answers with something that is no JSON is unreadable', async () => {
    await expect(read({ status: 200, body: '<html>' })).rejects.toMatchObject({ code: 'ARM_UNREADABLE' });
  });

  test.each([
    'https://some.endpoint.com/operations/1',
    'https://evil.test:8443/x',
    '/relative',
    'http://arm.test:8443/x',
  ])('of a stranger (%s) gets no request and no token', async (stranger) => {
    const arm = createScriptedArm([]);
    await expect(arm.operations.read(stranger)).rejects.toMatchObject({ code: 'ARM_UNTRUSTED_URL' });
    expect([arm.sent, arm.scopes]).toEqual([[], []]);
  });

  test('is asked as it was given, signature and all', async () => {
    const signed = `${testOrigin}/op?p=1&api-version=2&asyncResponse&t=1&c=${'X'.repeat(2400)}&s=${'Y'.repeat(342)}&h=Z`;
    const arm = createScriptedArm([{ status: 200 }]);
    await arm.operations.read(signed);
    expect(arm.sent).toMatchObject([{ method: 'GET', url: signed }]);
  });

  test('whose 403 is refused names the permission to poll', async () => {
    const arm = createScriptedArm([{ status: 403 }]);
    const disk = `${testOrigin}/subscriptions/s/providers/Microsoft.Compute/locations/westus/DiskOperations/1?api-version=1`;
    await expect(arm.operations.read(disk)).rejects.toMatchObject({
      action: 'Microsoft.Compute/locations/DiskOperations/read',
    });
  });
});
