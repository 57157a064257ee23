import { allFindings, nothingFound } from '../../../../../dev/explore/report/findings';

test('the digest of several worlds does not depend on their order, and differs if one of them does', () => {
  const [one, other, changed] = [7, 4_294_967_290, 8].map((digest) => ({
    ...nothingFound,
    worlds: 1,
    digest,
  }));
  if (one === undefined || other === undefined || changed === undefined) throw new Error('three were made');
  const { digest } = allFindings([one, other]);
  expect(allFindings([other, one]).digest).toBe(digest);
  expect(allFindings([changed, other]).digest).not.toBe(digest);
});
