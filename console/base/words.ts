import type { LimitKind } from '../../src/console/api';

/** Returns who has signed a record, without the id of the token: that is for the ledger's readers. */
export function signersOf(by: string): string {
  return by.replaceAll(/, token [^()]*(?=\))/g, '');
}

/** Returns the names of those who have signed a record, without their object ids. */
export function namesIn(by: string): string {
  return signersOf(by).replaceAll(/ \([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\)/g, '');
}

/** What each limit holds. */
export const limitWords: Readonly<Record<LimitKind, string>> = {
  rejects: 'rejections',
  deletes: 'deletions',
  revocations: 'ends of approvals',
};
