import { ArmError, hasCode, PosternError, undefinedIfNotFound } from '../../../src/base/errors';

describe('hasCode', () => {
  test('is true for an error with one of the codes, and for nothing else', () => {
    const lost = new PosternError('LEASE_LOST', 'gone');
    expect(hasCode(lost, 'READING_STALE', 'LEASE_LOST')).toBe(true);
    expect(hasCode(lost, 'READING_STALE')).toBe(false);
    expect(hasCode(lost)).toBe(false);
    expect(hasCode({ code: 'LEASE_LOST' }, 'LEASE_LOST')).toBe(false);
    expect(hasCode(Object.assign(new Error('x'), { code: 'LEASE_LOST' }), 'LEASE_LOST')).toBe(false);
    expect(hasCode(undefined, 'LEASE_LOST')).toBe(false);
  });
});

describe('undefinedIfNotFound', () => {
  test('passes on what was read', async () => {
    expect(await undefinedIfNotFound(() => Promise.resolve(7))).toBe(7);
  });

  test('turns ARM_NOT_FOUND, and no other failure, into undefined', async () => {
    const failWith = (error: Error) => undefinedIfNotFound<number>(() => Promise.reject(error));
    expect(await failWith(new ArmError('ARM_NOT_FOUND', 'gone'))).toBeUndefined();
    const refused = new ArmError('ARM_REFUSED', 'no');
    await expect(failWith(refused)).rejects.toBe(refused);
    const other = new TypeError('x');
    await expect(failWith(other)).rejects.toBe(other);
  });
});
