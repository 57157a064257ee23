import { lower } from '../../base/compare';
import type { Estate } from '../estate/estate';
import { originsOf, type RequesterDimension } from './dimensions';

/** The evidence that it takes to name somebody in a rule. */
export interface Evidence {
  /** Number of approvals that the rule explains. */
  readonly approved: number;
  /** Number of targets of these approvals. */
  readonly targets: number;
  /** Number of approvals for each rejection that the rule would approve. */
  readonly perRejection: number;
}

/** The evidence for somebody who may be a stranger: one approval may be a script's, or a mistake. */
export const evidenceWanted = {
  /** For a subscription of which the facts do not say whose it is. */
  unknown: { approved: 3, targets: 1, perRejection: 3 },
  /** For a subscription or a tenant that is not ours. */
  outside: { approved: 5, targets: 2, perRejection: 5 },
  /** For a type of target of which one approval opens many resources. */
  opensMany: { approved: 5, targets: 1, perRejection: 5 },
} as const satisfies Readonly<Record<string, Evidence>>;

/** What was seen of somebody, or of a type. */
export interface Seen {
  approved: number;
  rejected: number;
  readonly targets: Set<number>;
}

/** Tells whether something was seen often enough. */
export function isEnough({ approved, rejected, targets }: Seen, wanted: Evidence): boolean {
  return (
    approved >= wanted.approved &&
    targets.size >= wanted.targets &&
    approved >= wanted.perRejection * rejected
  );
}

/** Returns, for each value of a dimension, the evidence that it takes to name it. Undefined: no evidence, it is ours. */
export function evidenceFor(
  estate: Estate,
  { kind, of, texts }: RequesterDimension,
): readonly (Evidence | undefined)[] {
  switch (kind) {
    case 'outsideSubscriptions':
    case 'outsideTenants':
      return texts.map(() => evidenceWanted.outside);
    case 'subscriptions':
    case 'networks': {
      const origins = originsOf(estate.requesters);
      const own = new Set<number>();
      of.forEach((values, requester) => {
        const id = lower(estate.requesters[requester]?.subscriptionId ?? '');
        if (origins.get(id) === 'own') for (const value of values) own.add(value);
      });
      return texts.map((_, value) => (own.has(value) ? undefined : evidenceWanted.unknown));
    }
    default:
      return texts.map(() => undefined);
  }
}
