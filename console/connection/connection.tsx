import { AnswerDialog } from '../answer/answer-dialog';
import { draftFor } from '../answer/draft';
import { ApiError, sentenceOf } from '../api/client';
import { nameOf, titleOf } from '../base/ids';
import { hashOf } from '../base/route';
import { useNow } from '../parts/context';
import { Banner, Heading } from '../parts/screen';
import { Name } from '../parts/stranger';
import { AnswerBox } from './answer-box';
import { Changed } from './changed';
import { Facts } from './facts';
import { History } from './history';
import { OperatorBox } from './operator-box';
import { useAnnouncedStanding, useConnection } from './use-connection';
import { Why } from './why';

/** Shows one connection: what is asked, why it is held, what has happened, and the answer. */
export function ConnectionScreen({ id }: { readonly id: string }) {
  const shown = useConnection(id);
  const { change, dialog, error, view } = shown;
  const now = useNow();
  const sentence = useAnnouncedStanding(view, now);
  const onChange = (): void => shown.reload(true);
  return (
    <>
      <p>
        <a href={hashOf({ kind: 'list', tab: 'held' })}>← All that waits</a>
      </p>
      <Heading title={titleOf(id)}>
        Connection <Name text={nameOf(id)} />
      </Heading>
      {error !== undefined && (
        <Problem error={error} isOld={view !== undefined} onRetry={() => shown.reload(false)} />
      )}
      {view === undefined && error === undefined && <p>Loading …</p>}
      {view !== undefined && (
        <>
          <p class="sentence">{sentence}</p>
          {shown.isDraftOld && (
            <Banner kind="warning">
              It has changed while you signed in again. Read it, then answer. Your reason is kept.
            </Banner>
          )}
          {change !== undefined && <Changed change={change} onRead={shown.acknowledge} />}
          <Facts view={view} now={now} />
          <Why view={view} />
          <AnswerBox
            view={view}
            refusal={change === undefined ? undefined : 'First read above what has changed.'}
            onAnswer={shown.answer}
            onChange={onChange}
          />
          <History id={id} version={`${view.operation?.state} ${view.answer?.state} ${view.decisionId}`} />
          <OperatorBox view={view} onChange={onChange} />
        </>
      )}
      {dialog !== undefined && <AnswerDialog {...dialog} draft={draftFor(id)} onEnd={shown.end} />}
    </>
  );
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
  const code = error instanceof ApiError ? error.code : undefined;
  const isGone = code === 'NOT_FOUND';
  return (
    <Banner kind="alert">
      {isGone ? 'This connection does not exist, or was removed.' : sentenceOf(error)}{' '}
      {!isGone && code !== 'BAD_REQUEST' && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </Banner>
  );
}
