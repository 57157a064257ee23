import { readAgain } from '../../../../src/azure/arm/retry-read';
import { ArmError, type ArmErrorCode } from '../../../../src/base/errors';

function failing(times: number, code: ArmErrorCode, retryAfterSeconds?: number) {
  const calls = { count: 0 };
  const read = async (): Promise<string> => {
    calls.count += 1;
    if (calls.count <= times) throw new ArmError(code, 'trouble', { retryAfterSeconds });
    return 'read';
  };
  return { calls, read };
}

test('what got no answer is read again, twice at most', async () => {
  const passing = failing(2, 'ARM_UNREACHABLE');
  await expect(readAgain(passing.read)).resolves.toBe('read');
  const lasting = failing(3, 'ARM_UNAVAILABLE');
  await expect(readAgain(lasting.read)).rejects.toMatchObject({ code: 'ARM_UNAVAILABLE' });
  expect(lasting.calls.count).toBe(3);
});

test.each([
  ['ARM_THROTTLED', undefined],
  ['ARM_FORBIDDEN', undefined],
  ['ARM_REFUSED', undefined],
  ['ARM_UNAVAILABLE', 10],
] as const)('%s (Retry-After %s) is not asked again at once', async (code, retryAfterSeconds) => {
  const { calls, read } = failing(1, code, retryAfterSeconds);
  await expect(readAgain(read)).rejects.toMatchObject({ code });
  expect(calls.count).toBe(1);
});
