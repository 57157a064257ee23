import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { AnswerEffect, AnswerReply, AnswerRequest, ConnectionView } from '../../src/console/api';
import { ApiError, sentenceOf } from '../api/client';
import { useConsole } from '../parts/context';
import { type Draft, type Filled, type Problem, requestOf } from './check';
import { dropDraft, keepDraft } from './draft';

/** How an answer ended. */
export type AnswerEnd =
  | { readonly kind: 'taken'; readonly reply: AnswerReply }
  /** Not taken: the question is another one now. */
  | { readonly kind: 'stale'; readonly view: ConnectionView }
  | { readonly kind: 'canceled' };

/** What the dialog for an answer is about. */
export interface AnswerProps {
  /** What the person has looked at. The answer is bound to it. */
  readonly view: ConnectionView;
  readonly effect: AnswerEffect;
  readonly draft: Draft | undefined;
  readonly onEnd: (end: AnswerEnd) => void;
}

/** An answer that is being written. */
export interface WrittenAnswer {
  readonly form: RefObject<HTMLFormElement | null>;
  readonly filled: Filled;
  /** Why the app has not taken it. */
  readonly failure: string | undefined;
  readonly isSending: boolean;
  readonly change: (changed: Partial<Filled>) => void;
  readonly problemOf: (field: Problem['field']) => string | undefined;
  readonly send: () => void;
  readonly cancel: () => void;
}

/** Keeps, checks and sends an answer. Nobody is sent to sign in while they write one. */
export function useAnswer({ view, effect, draft, onEnd }: AnswerProps): WrittenAnswer {
  const { ensureToken, now, setTyping } = useConsole();
  const [filled, setFilled] = useState(() => filledFrom(view, effect, draft));
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const form = useRef<HTMLFormElement>(null);
  const keep = (typed: Filled, isOpen: boolean): void =>
    keepDraft({ ...typed, decisionId: view.decisionId ?? '', seen: view.seen, isOpen });
  const sending = useSending({
    onTaken: (reply) => onEnd({ kind: 'taken', reply }),
    onStale: (fresh) => {
      // The question is another one: only the words are kept, for an answer that begins anew.
      keep({ ...filled, ticket: '', until: '' }, false);
      onEnd({ kind: 'stale', view: fresh });
    },
    onProblem: (problem) => setProblems([problem]),
  });
  useEffect(() => {
    setTyping(true);
    return () => setTyping(false);
  }, []);
  // Before anything else can happen, so that a screen reader hears of one move only.
  useLayoutEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problems]);
  return {
    ...{ form, filled, failure: sending.failure, isSending: sending.isSending },
    change: (changed) => {
      const next = { ...filled, ...changed };
      setFilled(next);
      keep(next, true);
    },
    problemOf: (field) => problems.find((each) => each.field === field)?.message,
    send: () => {
      const checked = requestOf(view, filled, now());
      setProblems('problems' in checked ? checked.problems : []);
      if ('request' in checked && ensureToken()) void sending.send(checked.request);
    },
    cancel: () => {
      if (sending.isSending) return;
      dropDraft();
      onEnd({ kind: 'canceled' });
    },
  };
}

function filledFrom(view: ConnectionView, effect: AnswerEffect, draft: Draft | undefined): Filled {
  return {
    id: view.connection.id,
    effect,
    reason: draft?.reason ?? '',
    ticket: draft?.ticket ?? '',
    until: draft?.effect === effect ? draft.until : '',
    isConfirmed: false,
  };
}

function useSending({
  onTaken,
  onStale,
  onProblem,
}: {
  readonly onTaken: (reply: AnswerReply) => void;
  readonly onStale: (view: ConnectionView) => void;
  readonly onProblem: (problem: Problem) => void;
}) {
  const { api } = useConsole();
  const [failure, setFailure] = useState<string>();
  const [isSending, setSending] = useState(false);
  // At once true, whereas the state follows with the next rendering: a double click sends one answer.
  const underway = useRef(false);
  const fail = (error: unknown): void => {
    const { code, message, reply } = error instanceof ApiError ? error : new ApiError('NETWORK', '');
    if (code === 'STALE' && reply?.view !== undefined) onStale(reply.view);
    else if (code === 'REASON_MISSING') onProblem({ field: 'reason', message });
    else setFailure(sentenceOf(error));
  };
  const send = async (request: AnswerRequest): Promise<void> => {
    if (underway.current) return;
    underway.current = true;
    setSending(true);
    setFailure(undefined);
    try {
      const reply = await api.post<AnswerReply>('answer', request);
      dropDraft();
      onTaken(reply);
    } catch (error) {
      underway.current = false;
      setSending(false);
      fail(error);
    }
  };
  return { failure, isSending, send };
}
