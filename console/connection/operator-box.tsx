import { useState } from 'preact/hooks';
import type { ConnectionView, DoneReply } from '../../src/console/api';
import { sentenceOf } from '../api/client';
import { hasRole, useConsole } from '../parts/context';
import { Action, Banner } from '../parts/screen';
import { Lift } from '../waiting/limits';
import { standingOf } from './state';

/**
 * Shows what an operator can do for a connection: try again what was given up, and lift the limit that holds it.
 * Others learn whom to ask, if it waits for an operator.
 */
export function OperatorBox({
  view,
  onChange,
}: {
  readonly view: ConnectionView;
  readonly onChange: () => void;
}) {
  const { announce, api, ensureToken, me } = useConsole();
  const [result, setResult] = useState<string>();
  const [isSending, setSending] = useState(false);
  const standing = standingOf(view);
  const limit = standing === 'limited' ? view.operation?.heldByLimit : undefined;
  const finish = (sentence: string): void => {
    setSending(false);
    setResult(sentence);
    announce(sentence);
    onChange();
  };
  const retry = (): void => {
    if (isSending || !ensureToken()) return;
    setSending(true);
    api.post<DoneReply>('retry', { id: view.connection.id }).then(
      () => finish('Postern reads the connection again and retries what it had given up.'),
      (error: unknown) => finish(sentenceOf(error)),
    );
  };
  const isOperator = hasRole(me, 'Postern.Operator');
  if (!isOperator && standing !== 'limited' && standing !== 'given up') return null;
  return (
    <section class="box" aria-labelledby="operator-heading">
      <h2 id="operator-heading">For operators</h2>
      {isOperator ? (
        <ul class="actions">
          <li>
            <Action onClick={retry}>Review it again</Action>
          </li>
          {limit !== undefined && (
            <li>
              <Lift kind={limit} onDone={finish} />
            </li>
          )}
        </ul>
      ) : (
        <p>
          It waits for an operator. Ask somebody with the role Postern.Operator to{' '}
          {standing === 'limited' ? 'lift the limit' : 'have it reviewed again'}.
        </p>
      )}
      {result !== undefined && <Banner kind="info">{result}</Banner>}
    </section>
  );
}
