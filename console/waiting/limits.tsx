import { useState } from 'preact/hooks';
import type { LiftReply, LimitKind, Me } from '../../src/console/api';
import { sentenceOf } from '../api/client';
import { limitWords } from '../base/words';
import { hasRole, useConsole } from '../parts/context';
import { Modal } from '../parts/modal';
import { Action, Banner } from '../parts/screen';

const kinds = Object.keys(limitWords) as LimitKind[];

/** Lets an operator lift a limit. */
export function Limits({ me }: { readonly me: Me }) {
  const [result, setResult] = useState<string>();
  return (
    <section aria-labelledby="limits-heading">
      <h2 id="limits-heading">Lift a limit</h2>
      <p>
        A limit of the policy stops more rejections, deletions or ends of approvals than it allows. If the
        writes below are right, lift the limit: Postern then carries out all of that kind.
      </p>
      {hasRole(me, 'Postern.Operator') ? (
        <ul class="actions">
          {kinds.map((kind) => (
            <li key={kind}>
              <Lift kind={kind} onDone={setResult} />
            </li>
          ))}
        </ul>
      ) : (
        <p>Only operators can lift a limit.</p>
      )}
      {result !== undefined && <Banner kind="info">{result}</Banner>}
    </section>
  );
}

/** Asks twice before it lifts a limit. */
export function Lift({
  kind,
  onDone,
}: {
  readonly kind: LimitKind;
  readonly onDone: (sentence: string) => void;
}) {
  const { announce, api, ensureToken } = useConsole();
  const [step, setStep] = useState<'idle' | 'asked' | 'sent'>('idle');
  const what = limitWords[kind];
  const finish = (sentence: string): void => {
    setStep('idle');
    onDone(sentence);
    announce(sentence);
  };
  const lift = (): void => {
    if (step === 'sent' || !ensureToken()) return;
    setStep('sent');
    api.post<LiftReply>('lift', { kind }).then(
      ({ released }) => finish(`The limit on ${what} is lifted. ${released} can go on.`),
      (error: unknown) => finish(sentenceOf(error)),
    );
  };
  return (
    <>
      <Action onClick={() => setStep('asked')}>Lift the limit on {what}</Action>
      {step !== 'idle' && (
        <Modal title={`Lift the limit on ${what}?`} onClose={() => setStep('idle')}>
          <p>Postern then carries out all {what} that the limit holds.</p>
          <p class="buttons">
            <button type="button" autofocus onClick={() => setStep('idle')}>
              Cancel
            </button>
            <button type="button" class="danger" onClick={lift}>
              Lift the limit
            </button>
          </p>
        </Modal>
      )}
    </>
  );
}
