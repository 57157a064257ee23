import { withAbortAfter, withTimeout } from '../../../src/base/timeout';
import { systemClock } from '../../../src/base/clock';

const clock = systemClock;
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
    expect(await withTimeout({ clock, ms: 60_000, late: 'late' }, work)).toBe('done');
    expect(signal?.aborted).toBe(false);
    await expect(
      withTimeout({ clock, ms: 60_000, late: 'late' }, () => Promise.reject(new Error('no'))),
    ).rejects.toThrow('no');
  });

  test('resolves to the value for a late end when the work ignores the signal', async () => {
    expect(await withTimeout({ clock, ms: 1, late: 'late' }, never)).toBe('late');
  });

  test('aborts the signal only after the outcome is fixed, and drops what the work fails with then', async () => {
    expect(await withTimeout({ clock, ms: 1, late: 'late' }, abortable)).toBe('late');
  });
});

describe('withAbortAfter', () => {
  test('resolves as the work does', async () => {
    expect(await withAbortAfter({ clock, ms: 60_000 }, (signal) => Promise.resolve(signal.aborted))).toBe(
      false,
    );
  });

  test('aborts the signal, and then fails as the work does', async () => {
    await expect(withAbortAfter({ clock, ms: 1 }, abortable)).rejects.toThrow('aborted');
  });
});
