import type { Draft } from './check';

const place = 'postern.draft';

/** A draft as it is kept. */
export interface KeptDraft extends Draft {
  /** Whether the dialog was open, and opens again after another sign-in. */
  readonly isOpen: boolean;
}

/** Keeps a draft for this tab, so that it survives another sign-in. */
export function keepDraft(draft: KeptDraft): void {
  sessionStorage.setItem(place, JSON.stringify(draft));
}

/** Returns the draft of an answer to a connection, if there is one. */
export function draftFor(id: string): KeptDraft | undefined {
  const kept = sessionStorage.getItem(place);
  if (kept === null) return undefined;
  const draft = JSON.parse(kept) as KeptDraft;
  return draft.id === id ? draft : undefined;
}

/** Forgets the draft. */
export function dropDraft(): void {
  sessionStorage.removeItem(place);
}
