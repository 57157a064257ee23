import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineRequestOptions,
} from '@azure/core-rest-pipeline';
import { createArmClient } from '../../../../../src/azure/arm/client';
import { callSdk, type SdkCall, type SdkOptions } from '../../../../../src/azure/arm/connections/sdk-call';
import { createScriptedClient, testOrigin, type ScriptedReply } from '../../../../support/http/scripted-arm';

function scene(...replies: readonly ScriptedReply[]) {
  const client = createScriptedClient(replies);
  const arm = createArmClient({
    endpoint: testOrigin,
    credential: {
      getToken: () => Promise.resolve({ token: 'real', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
    },
    httpClient: client.httpClient,
  });
  const run = (operation: (options: SdkOptions) => PromiseLike<unknown>, call: SdkCall = {}) =>
    callSdk(arm, call, operation);
  return { run, sent: client.sent };
}

/** What an SDK client would ask its HTTP client for. */
const asks = (options: SdkOptions, more: Partial<PipelineRequestOptions> = {}) =>
  options.httpClient.sendRequest(
    createPipelineRequest({
      url: `${testOrigin}/x`,
      method: 'GET',
      headers: createHttpHeaders({ authorization: 'Bearer unsigned', 'x-stray': '1' }),
      ...more,
    }),
  );

describe('one call of an SDK', () => {
  test('gives the reply as it came, and the SDK a plain one', async () => {
    const { run } = scene({ status: 202, headers: { location: '/x' }, body: 'raw' });
    let shown: unknown;
    const reply = await run(async (options) => {
      const { status, bodyAsText, headers } = await asks(options);
      shown = { status, bodyAsText, location: headers.get('location') };
    });
    expect(reply).toMatchObject({ httpStatus: 202, body: 'raw' });
    expect(shown).toEqual({ status: 200, bodyAsText: '{"value":[]}', location: undefined });
  });

  test('sends the real token instead of what the SDK signed with', async () => {
    const { run, sent } = scene({ status: 200 });
    await run((options) => asks(options));
    expect(sent.map(({ authorization }) => authorization)).toEqual(['Bearer real']);
  });

  test('sends no second request, whatever the SDK wants, and the first reply stands', async () => {
    const { run, sent } = scene({ status: 202, body: 'first' }, { status: 200, body: 'second' });
    const reply = await run(async (options) => {
      await asks(options);
      await asks(options);
    });
    expect(reply.body).toBe('first');
    expect(sent).toHaveLength(1);
  });

  test('does not care when the SDK stumbles over the reply', async () => {
    const { run } = scene({ status: 204 });
    const reply = await run(async (options) => {
      await asks(options);
      throw new TypeError("Cannot read properties of undefined (reading 'id')");
    });
    expect(reply.httpStatus).toBe(204);
  });

  test('fails as the door did, whatever the SDK makes of it', async () => {
    const { run } = scene({ status: 429, headers: { 'retry-after': '9' } });
    const call = run(async (options) => {
      await asks(options).catch(() => undefined);
      throw new Error('something else');
    });
    await expect(call).rejects.toMatchObject({ code: 'ARM_THROTTLED', retryAfterSeconds: 9 });
  });

  test.each<[string, (options: SdkOptions) => Promise<unknown>]>([
    ['refuses its arguments', () => Promise.reject(new Error('subscriptionId is not a UUID'))],
    ['does nothing', () => Promise.resolve()],
    ['uses a method that is not ours', (options) => asks(options, { method: 'PATCH' })],
  ])('is refused when the SDK %s', async (_title, operation) => {
    const { run, sent } = scene();
    await expect(run(operation)).rejects.toMatchObject({ code: 'ARM_REFUSED' });
    expect(sent).toEqual([]);
  });

  test('goes nowhere else, even if the SDK would', async () => {
    const { run, sent } = scene();
    await expect(
      run((options) => asks(options, { url: 'https://management.azure.com/x' })),
    ).rejects.toMatchObject({
      code: 'ARM_UNTRUSTED_URL',
    });
    expect(sent).toEqual([]);
  });

  test('can add to the body what the SDK has no place for', async () => {
    const { run, sent } = scene({ status: 200 });
    await run((options) => asks(options, { method: 'PUT', body: '{"a":1}' }), {
      editBody: (body) => ({ ...body, b: 2 }),
    });
    expect(sent[0]?.body).toEqual({ a: 1, b: 2 });
  });
});
