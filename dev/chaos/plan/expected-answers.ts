export type Status = 'Pending' | 'Approved' | 'Rejected' | 'Disconnected';
/** `end`: to be deleted once its time is over, if it was Postern that approved it; else to be left alone. */
export type ExpectedEffect = 'approve' | 'reject' | 'delete' | 'hold' | 'leave' | 'end';
export type ExpectedEffects = Readonly<Partial<Record<Status, ExpectedEffect>>>;

/** Who asks, and how. */
export type Requester =
  | 'trusted'
  /** Of another tenant. */
  | 'stranger'
  | 'asker'
  /** A service of Microsoft, from Microsoft's tenant. */
  | 'managed'
  /** Trusted, but for a tag of its endpoint. */
  | 'quarantined'
  /** Approved for a time. */
  | 'contractor'
  | 'banned'
  | 'withdrawn'
  | 'leftover'
  | 'revoked'
  | 'approved';

/** What a target's tags say. */
export type Trait = 'prod' | 'dev' | 'frozen' | 'lab';

/**
 * What the policy of the run wants of each connection, by hand: the checker judges by this table and by nothing of
 * the app's own. A status that is not named is to be left alone.
 */
const byRequester: Readonly<Record<Requester, ExpectedEffects>> = {
  trusted: { Pending: 'approve' },
  stranger: { Pending: 'reject' },
  asker: { Pending: 'hold' },
  managed: { Pending: 'hold' },
  quarantined: { Pending: 'hold' },
  contractor: { Pending: 'approve', Approved: 'end' },
  banned: { Pending: 'reject', Approved: 'reject' },
  withdrawn: { Pending: 'delete' },
  leftover: { Pending: 'approve', Disconnected: 'delete' },
  revoked: { Pending: 'reject', Approved: 'reject' },
  approved: { Pending: 'approve' },
};

export function expectedEffectsOf(requester: Requester, trait: Trait): ExpectedEffects {
  const expectedEffects = byRequester[requester];
  switch (trait) {
    case 'prod':
      return expectedEffects;
    case 'dev':
      return expectedEffects.Pending === 'approve'
        ? { ...expectedEffects, Pending: 'hold' }
        : expectedEffects;
    // A rule about Pending reads a tag that is not there.
    case 'lab':
      return { ...expectedEffects, Pending: 'hold' };
    case 'frozen':
      return { Pending: 'hold', Approved: 'hold', Disconnected: 'hold' };
  }
}

/** `leave` where no rule concerns the status. */
export function expectedEffectIn(expectedEffects: ExpectedEffects, status: string): ExpectedEffect {
  return expectedEffects[status as Status] ?? 'leave';
}
