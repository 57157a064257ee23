import type { ConnectionView } from '../../src/console/api';
import { useConsole } from '../parts/context';
import { Modal } from '../parts/modal';
import { Name } from '../parts/stranger';
import { isFinal } from './check';
import { Consequence, Finality, verbs } from './effect-words';
import { Confirmation, ReasonField, TextField } from './fields';
import { type AnswerProps, useAnswer, type WrittenAnswer } from './use-answer';

/** Asks for the reason of an answer and sends it, bound to the view that the person looked at. */
export function AnswerDialog(props: AnswerProps) {
  const { me } = useConsole();
  const answer = useAnswer(props);
  const { view, effect } = props;
  return (
    <Modal title={`${verbs[effect]} this connection`} onClose={answer.cancel}>
      <form
        ref={answer.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          answer.send();
        }}
      >
        <Consequence view={view} effect={effect} />
        <Agreement view={view} />
        {isFinal(view, effect) && <Finality effect={effect} />}
        <Fields view={view} answer={answer} />
        {answer.failure !== undefined && (
          <p class="banner alert" role="alert">
            {answer.failure}
          </p>
        )}
        <p class="note">
          You answer as <Name text={me.name} />. Your name, your reason and the time are recorded.
        </p>
        <p class="buttons">
          <button type="button" onClick={answer.cancel}>
            Cancel
          </button>
          <button
            type="submit"
            class={effect === 'approve' ? 'main' : 'danger'}
            aria-disabled={answer.isSending}
          >
            {answer.isSending ? 'Sending …' : verbs[effect]}
          </button>
        </p>
      </form>
    </Modal>
  );
}

function Fields({
  view,
  answer: { change, filled, problemOf },
}: {
  readonly view: ConnectionView;
  readonly answer: WrittenAnswer;
}) {
  return (
    <>
      <ReasonField
        value={filled.reason}
        pattern={view.reasonPattern}
        problem={problemOf('reason')}
        onChange={(reason) => change({ reason })}
      />
      <TextField
        name="ticket"
        label="Ticket (optional)"
        value={filled.ticket}
        problem={problemOf('ticket')}
        onChange={(ticket) => change({ ticket })}
      />
      {filled.effect === 'approve' && (
        <TextField
          name="until"
          type="datetime-local"
          label="End of the approval in UTC (optional)"
          hint="Postern removes the connection then."
          value={filled.until}
          problem={problemOf('until')}
          onChange={(until) => change({ until })}
        />
      )}
      {isFinal(view, filled.effect) && (
        <Confirmation
          label="I know that this cannot be undone."
          isChecked={filled.isConfirmed}
          problem={problemOf('confirm')}
          onChange={(isConfirmed) => change({ isConfirmed })}
        />
      )}
    </>
  );
}

function Agreement({ view: { answer } }: { readonly view: ConnectionView }) {
  if (answer?.state !== 'waits for a second person') return null;
  return (
    <p>
      {answer.answers.map(({ oid, name, reason }) => (
        <span key={oid}>
          <Name text={name} /> has agreed: <q>{reason}</q>{' '}
        </span>
      ))}
      {answer.needed} people must agree.
    </p>
  );
}
