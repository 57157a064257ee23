import { useEffect, useRef, useState } from 'preact/hooks';
import type { AnswerEffect, ConnectionView } from '../../src/console/api';
import type { AnswerEnd } from '../answer/use-answer';
import { draftFor, keepDraft } from '../answer/draft';
import { calm, followFor, following } from '../api/pace';
import { useResource } from '../api/use-resource';
import { useConsole } from '../parts/context';
import { acknowledge, type Change, isSameQuestion, type Looking, seeNext, seeRefusal } from './looking';
import { isMoving, standingInWords } from './state';

/** A connection on the screen, and the answer that is being written. */
export interface ShownConnection {
  readonly view: ConnectionView | undefined;
  readonly error: unknown;
  /** What the person has not read yet. */
  readonly change: Change | undefined;
  /** Whether the connection changed while the person signed in again, in the midst of an answer. */
  readonly isDraftOld: boolean;
  readonly dialog: { readonly view: ConnectionView; readonly effect: AnswerEffect } | undefined;
  /** Begins an answer to what the person has looked at. */
  readonly answer: (effect: AnswerEffect) => void;
  /** Takes the end of the dialog. */
  readonly end: (end: AnswerEnd) => void;
  /** Takes note that the person has read what has changed. */
  readonly acknowledge: () => void;
  /** Reads it now. `hasActed`: and often for some time, because something is about to happen. */
  readonly reload: (hasActed: boolean) => void;
}

/** Reads and follows a connection. */
export function useConnection(id: string): ShownConnection {
  const { announce } = useConsole();
  const [dialog, setDialog] = useState<ShownConnection['dialog']>();
  const [looking, setLooking] = useState<Looking>();
  const [isDraftOld, setDraftOld] = useState(false);
  const actedAt = useRef(-Infinity);
  const path = `connection?${new URLSearchParams({ id }).toString()}`;
  const paceOf = (current: ConnectionView | undefined) =>
    dialog !== undefined ? undefined : isFollowed(current, actedAt.current) ? following : calm;
  const resource = useResource<ConnectionView>(path, paceOf);
  const { value: view, error } = resource;
  useEffect(() => {
    if (view !== undefined) setLooking((before) => seeNext(before, view));
  }, [view]);
  useEffect(() => {
    const draft = draftFor(id);
    if (view === undefined || draft?.isOpen !== true) return;
    const isSame = isSameQuestion(draft, view);
    if (isSame && 'ok' in view.may[draft.effect]) setDialog({ view, effect: draft.effect });
    else keepDraft({ ...draft, isOpen: false });
    setDraftOld(!isSame);
  }, [view === undefined]);
  const reload = (hasActed: boolean): void => {
    if (hasActed) actedAt.current = Date.now();
    resource.reload();
  };
  return {
    view,
    error,
    change: looking?.change,
    isDraftOld,
    dialog,
    answer: (effect) => {
      setDraftOld(false);
      if (looking !== undefined) setDialog({ view: looking.looked, effect });
    },
    end: (end) => {
      setDialog(undefined);
      if (end.kind === 'stale' && dialog !== undefined) {
        setLooking(seeRefusal(dialog.view, end.view));
        resource.replace(end.view);
      }
      if (end.kind === 'taken') announce(takenInWords(end.reply.state));
      reload(end.kind === 'taken');
    },
    acknowledge: () => setLooking((before) => before && acknowledge(before)),
    reload,
  };
}

/** Says how a connection stands when that changes, but not that time goes by. */
export function useAnnouncedStanding(view: ConnectionView | undefined, now: number): string | undefined {
  const { announce } = useConsole();
  const sentence = view && standingInWords(view, now);
  const timeless = view && standingInWords(view, 0);
  const said = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (said.current !== undefined && sentence !== undefined) announce(sentence);
    said.current = timeless;
  }, [timeless]);
  return sentence;
}

function isFollowed(view: ConnectionView | undefined, actedAt: number): boolean {
  return (view !== undefined && isMoving(view)) || Date.now() - actedAt < followFor;
}

function takenInWords(state: 'taken' | 'waits for a second person'): string {
  return state === 'taken' ? 'Your answer is taken.' : 'Your answer is taken. A second person must agree.';
}
