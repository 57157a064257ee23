import { createWithWireType } from '../../../../../../src/azure/arm/connections/table/known-version';
import { wireTypeOf } from '../../../../../../src/azure/arm/connections/table/wire-type';
import { ArmError } from '../../../../../../src/base/errors';
import { type TargetType, targetTypeFrom } from '../../../../../../src/connections/target-type';

const batch = typeOf('Microsoft.Batch/batchAccounts');

function typeOf(text: string): TargetType {
  const type = targetTypeFrom(text);
  if (type === undefined) throw new Error(`no row has the type ${text}`);
  return type;
}

function unknown(armCode = 'NoRegisteredProviderFound'): ArmError {
  return new ArmError('ARM_REFUSED', 'no such version', { httpStatus: 400, armCode });
}

/** A cloud that knows some versions, and what was asked of it. */
function cloudWith(known: (version: string) => boolean) {
  const asked: string[] = [];
  const notes: string[] = [];
  const withWireType = createWithWireType((text) => notes.push(text));
  const ask = (type = batch): Promise<string> =>
    withWireType(type, ({ apiVersion }) => {
      asked.push(apiVersion);
      return known(apiVersion) ? Promise.resolve(apiVersion) : Promise.reject(unknown());
    });
  return { ask, asked, notes };
}

async function versionsOf(type: TargetType): Promise<readonly string[]> {
  const { apiVersion, fallbackApiVersions = [] } = await wireTypeOf(type);
  return [apiVersion, ...fallbackApiVersions];
}

test('a version that Azure knows is used alone', async () => {
  const [first = ''] = await versionsOf(batch);
  const { ask, asked, notes } = cloudWith(() => true);
  await expect(ask()).resolves.toBe(first);
  expect({ asked, notes }).toEqual({ asked: [first], notes: [] });
});

test('one that it does not know is replaced by the next of the row, from then on, with one note', async () => {
  const [first = '', second = ''] = await versionsOf(batch);
  expect(second).not.toBe('');
  const { ask, asked, notes } = cloudWith((version) => version !== first);
  await expect(ask()).resolves.toBe(second);
  await expect(ask()).resolves.toBe(second);
  expect(asked).toEqual([first, second, second]);
  expect(notes).toEqual([
    `Microsoft.Batch/batchAccounts: Azure does not know the api-version ${first} here; ${second} is used`,
  ]);
});

test('where it knows none, the last refusal is the answer, and all are tried again', async () => {
  const versions = await versionsOf(batch);
  const { ask, asked, notes } = cloudWith(() => false);
  await expect(ask()).rejects.toMatchObject({ armCode: 'NoRegisteredProviderFound' });
  await expect(ask()).rejects.toMatchObject({ code: 'ARM_REFUSED' });
  expect(asked).toEqual([...versions, ...versions]);
  expect(notes).toEqual([]);
});

test.each([
  new ArmError('ARM_REFUSED', 'no', { httpStatus: 400, armCode: 'BadRequest' }),
  new ArmError('ARM_NOT_FOUND', 'no', { httpStatus: 404 }),
  new ArmError('ARM_UNREACHABLE', 'no'),
])('another error is not about the version', async (error) => {
  const withWireType = createWithWireType(() => undefined);
  let calls = 0;
  const work = (): Promise<never> => {
    calls += 1;
    return Promise.reject(error);
  };
  await expect(withWireType(batch, work)).rejects.toBe(error);
  expect(calls).toBe(1);
});

test('each type has its own version', async () => {
  const app = typeOf('Microsoft.App/managedEnvironments');
  const [first] = await versionsOf(batch);
  const { ask } = cloudWith((version) => version !== first);
  await ask();
  await expect(ask(app)).resolves.toBe((await versionsOf(app))[0]);
});
