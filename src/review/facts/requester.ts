import type { LinkTie, ManagedOwner } from '../../connections/managed-endpoint-reader';
import type { FoundRequester } from '../../operations/operation';

/** What ties a connection to our resource: the name of its endpoint, or its request message. */
export type TieKind = LinkTie['kind'];

/** Which resource of ours asks, or why that is not known. */
export type RequesterProof =
  | {
      /** `proven`: two findings agree. `found`: there is one so far. */
      readonly kind: 'proven' | 'found';
      readonly owner: ManagedOwner;
      readonly how: TieKind;
      readonly linkId: string;
      readonly found: FoundRequester;
    }
  | Unproven;

/** Why it is not known which resource of ours asks. */
export interface Unproven {
  readonly kind: 'none';
  /** The end of a sentence that begins with "not proven: ". */
  readonly why: string;
  /** Whether it may be found soon: links, and Azure's index of them, are minutes behind a new endpoint. */
  readonly mayPass: boolean;
}

/** The time between two findings that are a proof, in seconds. */
export const secondsBetweenFindings = 180;

/** Describes a proof in a sentence, for records and for `postern explain`. */
export function proofText(proof: RequesterProof): string {
  if (proof.kind === 'none') return `not proven: ${proof.why}`;
  const what = `the ${proof.how === 'name' ? "endpoint's name" : 'message'} is that of ${proof.linkId}`;
  return proof.kind === 'proven'
    ? `proven: ${what}`
    : `found once: ${what}; a second review, three minutes later, must find the same`;
}
