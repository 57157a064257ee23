import type { OutcomeEvent } from './outcome-event';

/** Where others listen. */
export interface OutcomeTopic {
  /** Publishes one batch, at most one mebibyte; resolves within seconds whatever happens, and never rejects. */
  publish(events: readonly OutcomeEvent[]): Promise<Publication>;
}

export type Publication =
  | { readonly kind: 'taken' }
  /** No answer, too many requests, trouble of its own, or no token: it may well take them later. */
  | { readonly kind: 'away'; readonly problem: string; readonly retryAfterSeconds?: number | undefined }
  /** It will not have these. */
  | { readonly kind: 'refused'; readonly problem: string; readonly httpStatus: number | undefined };
