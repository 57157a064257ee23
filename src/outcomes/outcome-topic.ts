import type { OutcomeEvent } from './outcome-event';

/** The topic that subscribers of outcome events listen to. */
export interface OutcomeTopic {
  /**
   * Publishes one batch of at most one mebibyte. Resolves within seconds in any case, and never
   * rejects.
   */
  publish(events: readonly OutcomeEvent[]): Promise<Publication>;
}

/** The result of publishing a batch. */
export type Publication =
  | { readonly kind: 'taken' }
  /** No answer, throttled, a server error, or no token: the topic may accept the events later. */
  | { readonly kind: 'away'; readonly problem: string; readonly retryAfterSeconds?: number | undefined }
  /** The topic refused these events. */
  | { readonly kind: 'refused'; readonly problem: string; readonly httpStatus: number | undefined };
