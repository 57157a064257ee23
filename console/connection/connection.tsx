import { useEffect, useRef, useState } from 'preact/hooks';
import type { AnswerEffect, ConnectionView } from '../../src/console/api';
import { AnswerDialog, type AnswerEnd } from '../answer/answer-dialog';
import { draftFor } from '../answer/draft';
import { ApiError, sentenceOf } from '../api/client';
import { calm, followFor, following } from '../api/pace';
import { useResource } from '../api/use-resource';
import { nameOf, titleOf } from '../base/ids';
import { hashOf } from '../base/route';
import { useConsole, useNow } from '../parts/context';
import { Banner, Heading } from '../parts/screen';
import { Name } from '../parts/stranger';
import { AnswerBox } from './answer-box';
import { Changed } from './changed';
import { Facts } from './facts';
import { History } from './history';
import { OperatorBox } from './operator-box';
import { isMoving, standingInWords } from './state';
import { Why } from './why';

/** Shows one connection: what is asked, why it is held, what has happened, and the answer. */
export function ConnectionScreen({ id }: { readonly id: string }) {
  const { announce } = useConsole();
  const [dialog, setDialog] = useState<{ view: ConnectionView; effect: AnswerEffect }>();
  const [stale, setStale] = useState<{ before: ConnectionView; now: ConnectionView }>();
  const isAsking = dialog !== undefined;
  const actedAt = useRef(-Infinity);
  const {
    value: view,
    error,
    reload,
    replace,
  } = useResource<ConnectionView>(`connection?${new URLSearchParams({ id }).toString()}`, (current) =>
    isAsking ? undefined : isFollowed(current, actedAt.current) ? following : calm,
  );
  const now = useNow();
  const sentence = view === undefined ? undefined : standingInWords(view, now);
  const quiet = view === undefined ? undefined : standingInWords(view, 0);
  const said = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (said.current !== undefined && sentence !== undefined) announce(sentence);
    said.current = quiet;
  }, [quiet]);
  // A draft is here after another sign-in in the midst of an answer.
  useEffect(() => {
    const draft = draftFor(id);
    if (view !== undefined && draft?.isOpen === true) {
      if ('ok' in view.may[draft.effect]) setDialog({ view, effect: draft.effect });
    }
  }, [view === undefined]);

  const onEnd = (end: AnswerEnd): void => {
    if (end.kind === 'stale' && dialog !== undefined) {
      setStale({ before: dialog.view, now: end.view });
      replace(end.view);
    }
    if (end.kind === 'taken') {
      setStale(undefined);
      actedAt.current = Date.now();
      announce(
        end.reply.state === 'taken'
          ? 'Your answer is taken.'
          : 'Your answer is taken. A second person must agree.',
      );
    }
    setDialog(undefined);
    reload();
  };
  const onChange = (): void => {
    actedAt.current = Date.now();
    reload();
  };
  return (
    <>
      <p>
        <a href={hashOf({ kind: 'list', tab: 'held' })}>← All that waits</a>
      </p>
      <Heading title={titleOf(id)}>
        Connection <Name text={nameOf(id)} />
      </Heading>
      {error !== undefined && <Problem error={error} isOld={view !== undefined} onRetry={reload} />}
      {view === undefined && error === undefined && <p>Loading …</p>}
      {view !== undefined && (
        <>
          <p class="sentence">{sentence}</p>
          {stale !== undefined && <Changed {...stale} onClose={() => setStale(undefined)} />}
          <Facts view={view} now={now} />
          <Why view={view} />
          <AnswerBox view={view} onAnswer={(effect) => setDialog({ view, effect })} onChange={onChange} />
          <History id={id} version={quiet ?? ''} />
          <OperatorBox view={view} onChange={onChange} />
        </>
      )}
      {dialog !== undefined && (
        <AnswerDialog view={dialog.view} effect={dialog.effect} draft={draftFor(id)} onEnd={onEnd} />
      )}
    </>
  );
}

function isFollowed(view: ConnectionView | undefined, actedAt: number): boolean {
  return (view !== undefined && isMoving(view)) || Date.now() - actedAt < followFor;
}

function Problem({
  error,
  isOld,
  onRetry,
}: {
  readonly error: unknown;
  readonly isOld: boolean;
  readonly onRetry: () => void;
}) {
  if (isOld) return <Banner kind="warning">What you see may be old. {sentenceOf(error)}</Banner>;
  const isGone = error instanceof ApiError && error.code === 'NOT_FOUND';
  return (
    <Banner kind="alert">
      {isGone ? 'This connection does not exist, or no longer.' : sentenceOf(error)}{' '}
      {!isGone && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </Banner>
  );
}
