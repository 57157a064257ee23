import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectionIdOf } from '../../../src/connections/resource-id';
import { ArmError, isTransient } from '../../../src/base/errors';
import { createScriptedArm, testTarget } from '../../support/http/scripted-arm';

interface RecordedError {
  readonly status: number;
  readonly method: string;
  readonly body: unknown;
}

/** The errors of the four types with a store of their own, and of the others. What an operation delivered is no reply. */
const recorded = ['errors.json', 'types/errors.json']
  .flatMap(
    (name) =>
      JSON.parse(readFileSync(join(__dirname, '../../data/recordings', name), 'utf8')) as RecordedError[],
  )
  .filter(({ status }) => status >= 400);

/** What callers must understand, by what is recorded. */
function expectedCode({ status, body }: RecordedError): string {
  const text = JSON.stringify(body);
  if (status === 400)
    return /does not contain a Private Endpoint Connection/.test(text) ? 'ARM_NOT_FOUND' : 'ARM_REFUSED';
  if (status === 404) return 'ARM_NOT_FOUND';
  if (status === 409)
    return text.includes('MissingSubscriptionRegistration') ? 'ARM_REFUSED' : 'ARM_CONFLICT';
  if (status === 429) return 'ARM_THROTTLED';
  return 'ARM_UNAVAILABLE';
}

const target = testTarget('Microsoft.ApiManagement/service');

describe.each(recorded.map((error, index) => ({ ...error, index })))(
  'the recorded error $index ($status to a $method)',
  (error) => {
    const reply = { status: error.status, body: error.body };

    test('has its code, for a write', async () => {
      const arm = createScriptedArm([reply]);
      const connection = {
        id: connectionIdOf(target, 'a'),
        endpoint: undefined,
        endpointText: undefined,
        status: 'Pending',
        message: '',
        provisioningState: undefined,
        groupIds: [],
        etag: undefined,
      };
      const write = arm.connections.write(
        { connection, effect: 'approve', description: '' },
        () => undefined,
      );
      const outcome: unknown = await write.catch((failure: unknown) => failure);
      if (expectedCode(error) === 'ARM_NOT_FOUND') {
        expect(outcome).toEqual({ kind: 'gone', httpStatus: error.status });
        return;
      }
      expect(outcome).toBeInstanceOf(ArmError);
      expect(outcome).toMatchObject({ code: expectedCode(error), httpStatus: error.status });
      expect(isTransient(outcome)).toBe(error.status >= 429 || expectedCode(error) === 'ARM_CONFLICT');
    });

    test("keeps ARM's code", async () => {
      const read = createScriptedArm([reply]).operations.read('https://arm.test:8443/x');
      const failure = (await read.catch((thrown: unknown) => thrown)) as ArmError;
      const spelled = /"code":"([^"]+)"/i.exec(JSON.stringify(error.body))?.[1];
      expect(failure.armCode).toBe(spelled);
    });
  },
);

test('errors were recorded at all', () => {
  expect(recorded.length).toBeGreaterThan(25);
});
