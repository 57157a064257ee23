import { useState } from 'preact/hooks';
import type { AnswerEffect, ConnectionView, DoneReply, GivenAnswer } from '../../src/console/api';
import { sentenceOf } from '../api/client';
import { verbs } from '../answer/effect-words';
import { hasRole, useConsole } from '../parts/context';
import { Moment } from '../parts/moment';
import { Action, Banner } from '../parts/screen';
import { Name } from '../parts/stranger';
import { pastOf, standingOf } from './state';

const effects: readonly AnswerEffect[] = ['approve', 'reject', 'delete'];

/**
 * Shows the answers that the connection has, and the buttons for one. What is not possible says why. Whoever can
 * only look gets no buttons.
 */
export function AnswerBox({
  view,
  refusal,
  onAnswer,
  onChange,
}: {
  readonly view: ConnectionView;
  /** Why nothing can be answered at present. */
  readonly refusal: string | undefined;
  readonly onAnswer: (effect: AnswerEffect) => void;
  readonly onChange: () => void;
}) {
  const { me } = useConsole();
  return (
    <section class="box" aria-labelledby="answer-heading">
      <h2 id="answer-heading">Answer</h2>
      {view.answer?.answers.map((given) => (
        <Given key={given.oid} given={given} view={view} onChange={onChange} />
      ))}
      {view.answer !== undefined && (
        <p class="note">
          The answer becomes void on <Moment at={view.answer.voidAt} /> unless it is carried out before.
        </p>
      )}
      {hasRole(me, 'Postern.Approver') ? (
        <ul class="actions">
          {effects
            .filter((effect) => isShown(view, effect))
            .map((effect) => (
              <li key={effect}>
                <AnswerButton view={view} effect={effect} refusal={refusal} onAnswer={onAnswer} />
              </li>
            ))}
        </ul>
      ) : (
        <p>You can look, but not answer. You need the role Postern.Approver.</p>
      )}
    </section>
  );
}

function AnswerButton({
  view,
  effect,
  refusal,
  onAnswer,
}: {
  readonly view: ConnectionView;
  readonly effect: AnswerEffect;
  readonly refusal: string | undefined;
  readonly onAnswer: (effect: AnswerEffect) => void;
}) {
  const may = view.may[effect];
  return (
    <Action
      kind={effect === 'approve' ? 'main' : 'danger'}
      refusal={'no' in may ? may.no : refusal}
      onClick={() => onAnswer(effect)}
    >
      {verbs[effect]} …
    </Action>
  );
}

/** Deleting is for what the requester has left; it is shown elsewhere only if it is possible. */
function isShown({ connection, may }: ConnectionView, effect: AnswerEffect): boolean {
  const isLeft = connection.status.toLowerCase() === 'disconnected';
  return 'ok' in may[effect] || (effect === 'delete') === isLeft;
}

function Given({
  given,
  view,
  onChange,
}: {
  readonly given: GivenAnswer;
  readonly view: ConnectionView;
  readonly onChange: () => void;
}) {
  const { announce, api, ensureToken, me } = useConsole();
  const [failure, setFailure] = useState<string>();
  const [isSending, setSending] = useState(false);
  const { decisionId } = view;
  const withdraw = async (id: string): Promise<void> => {
    if (isSending || !ensureToken()) return;
    setSending(true);
    setFailure(undefined);
    try {
      await api.post<DoneReply>('withdraw', { id: view.connection.id, decisionId: id });
      announce('Your answer is withdrawn.');
      onChange();
    } catch (error) {
      setFailure(sentenceOf(error));
    }
    setSending(false);
  };
  const isMine = given.mine && hasRole(me, 'Postern.Approver');
  const canWithdraw = isMine && decisionId !== undefined && standingOf(view) === 'answered';
  return (
    <div class="given">
      <p>
        <strong>
          <Name text={given.name} />
        </strong>{' '}
        {pastOf(given.effect)} it on <Moment at={given.at} />
        {given.until !== undefined && (
          <>
            {' '}
            until <Moment at={given.until} />
          </>
        )}
        : <q>{given.reason}</q>
        {given.ticket !== undefined && (
          <>
            {' '}
            Ticket: <Name text={given.ticket} />
          </>
        )}
      </p>
      {canWithdraw && <Action onClick={() => void withdraw(decisionId)}>Withdraw my answer</Action>}
      {failure !== undefined && <Banner kind="alert">{failure}</Banner>}
    </div>
  );
}
