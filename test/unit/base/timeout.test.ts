import { withAbortAfter, withTimeout } from '../../../src/base/timeout';

const never = () => new Promise<never>(() => undefined);

/** Work that fails once its signal is aborted, and tells when that was. */
function abortable(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')));
  });
}

describe('withTimeout', () => {
  test('settles as the work does, and leaves the signal alone', async () => {
    let signal: AbortSignal | undefined;
    const work = (given: AbortSignal) => {
      signal = given;
      return Promise.resolve('done');
    };
    expect(await withTimeout(60_000, work, 'late')).toBe('done');
    expect(signal?.aborted).toBe(false);
    await expect(withTimeout(60_000, () => Promise.reject(new Error('no')), 'late')).rejects.toThrow('no');
  });

  test('resolves to the value for a late end when the work ignores the signal', async () => {
    expect(await withTimeout(1, never, 'late')).toBe('late');
  });

  test('aborts the signal only after the outcome is fixed, and drops what the work fails with then', async () => {
    expect(await withTimeout(1, abortable, 'late')).toBe('late');
  });
});

describe('withAbortAfter', () => {
  test('resolves as the work does', async () => {
    expect(await withAbortAfter(60_000, (signal) => Promise.resolve(signal.aborted))).toBe(false);
  });

  test('aborts the signal, and then fails as the work does', async () => {
    await expect(withAbortAfter(1, abortable)).rejects.toThrow('aborted');
  });
});
