import { type KeptDraft, parseDraft } from './check';

const place = 'postern.draft';

/** Keeps a draft for this tab, so that it survives another sign-in. */
export function keepDraft(draft: KeptDraft): void {
  const { id, effect, reason, ticket, until, decisionId, seen, isOpen } = draft;
  const kept: KeptDraft = { id, effect, reason, ticket, until, decisionId, seen, isOpen };
  sessionStorage.setItem(place, JSON.stringify(kept));
}

/** Returns the draft of an answer to a connection, if there is one. */
export function draftFor(id: string): KeptDraft | undefined {
  const draft = parseDraft(sessionStorage.getItem(place) ?? '');
  return draft?.id === id ? draft : undefined;
}

/** Forgets the draft. */
export function dropDraft(): void {
  sessionStorage.removeItem(place);
}
