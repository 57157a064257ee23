export type Status = 'Pending' | 'Approved' | 'Rejected' | 'Disconnected';
/**
 * The effect that policy wants. `end`: to be deleted after its time if Postern approved it, otherwise to be
 * left alone. `once`: to be approved once, and to be held when it asks again. `ours`: to be approved until its
 * subscription has gone to another tenant, and to be held afterwards. `proven`: to be
 * approved, once it is proven who asks. `maybe`: to be approved or held, as a stranger
 * beside it wants. `listed`: to be approved while its subscription is on the managed list, and to be held otherwise.
 */
export type ExpectedEffect =
  | 'approve'
  | 'reject'
  | 'delete'
  | 'hold'
  | 'leave'
  | 'end'
  | 'once'
  | 'ours'
  | 'proven'
  | 'maybe'
  | 'listed';
export type ExpectedEffects = Readonly<Partial<Record<Status, ExpectedEffect>>>;

/** The kinds of requesters. */
export type Requester =
  | 'trusted'
  /** A requester of another tenant. */
  | 'stranger'
  | 'asker'
  /** A Microsoft service, from Microsoft's tenant. */
  | 'managed'
  /** Trusted, except for a tag of its endpoint. */
  | 'quarantined'
  /** Approved for a limited time. */
  | 'contractor'
  | 'banned'
  | 'withdrawn'
  | 'leftover'
  | 'revoked'
  | 'approved'
  /** Of another tenant, and announced. */
  | 'partner'
  /** The same, and asks again after its approval. */
  | 'returner'
  /** Bears the name of an announced request, in another tenant. */
  | 'copycat'
  /** Of a subscription that goes to another tenant. */
  | 'mover'
  /** A resource of ours, behind an endpoint that a service of Microsoft makes. */
  | 'service'
  /** The same, whose message somebody else copies. */
  | 'copied'
  /** Of a subscription that may be on a list that is read from Azure. */
  | 'governed';

/** How an approval is taken away: by a rejection, by a deletion, or, where that is unknown, by a person. */
export type Revocation = 'reject' | 'delete' | 'hold';

/** The kinds of targets, by their tags. */
export type Trait = 'prod' | 'dev' | 'frozen' | 'lab';

/**
 * The effects that the run's policy wants, written by hand. The checker uses only this table, and nothing of
 * the app. A status that is not named is to be left alone.
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
  partner: { Pending: 'approve' },
  returner: { Pending: 'once' },
  copycat: { Pending: 'hold' },
  mover: { Pending: 'ours' },
  service: { Pending: 'proven' },
  copied: { Pending: 'maybe' },
  governed: { Pending: 'listed' },
};

/** @param revokedBy how an approval is taken away on the target */
export function expectedEffectsOf(
  requester: Requester,
  trait: Trait,
  revokedBy: Revocation = 'reject',
): ExpectedEffects {
  const usual = byRequester[requester];
  const expectedEffects = usual.Approved === 'reject' ? { ...usual, Approved: revokedBy } : usual;
  switch (trait) {
    case 'prod':
      return expectedEffects;
    case 'dev':
      return ['approve', 'once', 'ours', 'proven', 'maybe', 'listed'].includes(expectedEffects.Pending ?? '')
        ? { ...expectedEffects, Pending: 'hold' }
        : expectedEffects;
    // A rule for Pending reads a tag that is missing here.
    case 'lab':
      return { ...expectedEffects, Pending: 'hold' };
    case 'frozen':
      return { Pending: 'hold', Approved: 'hold', Disconnected: 'hold' };
  }
}

/** Returns the effect for a status; `leave` if no rule applies. */
export function expectedEffectIn(expectedEffects: ExpectedEffects, status: string): ExpectedEffect {
  return expectedEffects[status as Status] ?? 'leave';
}
