/** What a review of access should look at. */
export const flags = [
  'foreign',
  'tenantUnknown',
  'requesterUnknown',
  'neverReviewed',
  'elsewhere',
  'policyDiffers',
  'policyRemoves',
  'ends',
  'overdue',
  'orphan',
] as const;

/** One of `flags`. */
export type Flag = (typeof flags)[number];

/** What each flag says, in a few words. */
export const flagWords: Readonly<Record<Flag, string>> = {
  foreign: 'Other tenant',
  tenantUnknown: 'Tenant unknown',
  requesterUnknown: 'Requester not proven',
  neverReviewed: 'Never reviewed',
  elsewhere: 'Answered outside Postern',
  policyDiffers: 'Policy would not approve',
  policyRemoves: 'Policy would remove',
  ends: 'Approval ends',
  overdue: 'End has passed',
  orphan: 'Endpoint gone',
};

/** What each flag means, in a sentence. */
export const flagMeanings: Readonly<Record<Flag, string>> = {
  foreign: 'The endpoint belongs to a tenant that is neither the target’s nor one of Microsoft.',
  tenantUnknown: 'The tenant of the endpoint is not known, so it may be foreign.',
  requesterUnknown:
    'The endpoint belongs to Microsoft, and it is not proven which resource of yours asks through it.',
  neverReviewed: 'The ledger was read and has no decision about this connection.',
  elsewhere: 'Postern knows the connection, but somebody outside Postern brought it to its status.',
  policyDiffers: 'The connection is approved, and today’s policy would not approve the same request.',
  policyRemoves: 'Today’s policy would reject or delete the connection as it is.',
  ends: 'The approval ends at a time that was set with it.',
  overdue: 'The approval should have ended, and the connection is still approved.',
  orphan: 'Azure says that the endpoint is gone: the connection is disconnected, or names no endpoint.',
};
