import type { LimitKind } from '../../src/console/api';

/** What each limit holds. */
export const limitWords: Readonly<Record<LimitKind, string>> = {
  rejects: 'rejections',
  deletes: 'deletions',
  revocations: 'ends of approvals',
};
