import type { AnswerEffect, ConnectionView } from '../../src/console/api';
import { Name } from '../parts/stranger';

/** What each answer is called on its button. */
export const verbs: Readonly<Record<AnswerEffect, string>> = {
  approve: 'Approve',
  reject: 'Reject',
  delete: 'Delete',
};

/** Says what will happen. */
export function Consequence({
  view,
  effect,
}: {
  readonly view: ConnectionView;
  readonly effect: AnswerEffect;
}) {
  const { target, endpoint } = view;
  const subscription = endpoint?.subscription;
  const requester = (
    <>
      {endpoint === undefined ? (
        'an endpoint that Azure does not name'
      ) : (
        <>
          endpoint <Name text={endpoint.name ?? endpoint.id} />
        </>
      )}
      {subscription !== undefined && (
        <>
          {' '}
          in subscription <Name text={subscription} />
        </>
      )}
    </>
  );
  const goal = (
    <>
      {target.label} <Name text={target.name} />
    </>
  );
  switch (effect) {
    case 'approve':
      return (
        <p>
          This opens a network path from {requester} to {goal}.
        </p>
      );
    case 'reject':
      return (
        <p>
          This refuses {requester} a network path to {goal}.
        </p>
      );
    case 'delete':
      return (
        <p>
          This removes the connection of {requester} from {goal}.
        </p>
      );
  }
}

/** Says what cannot be undone. */
export function Finality({ effect }: { readonly effect: AnswerEffect }) {
  return (
    <p class="banner warning">
      <strong>This cannot be undone on this service.</strong>{' '}
      {effect === 'reject'
        ? 'The requester must delete the endpoint and make a new one.'
        : 'The requester must make a new endpoint to ask again.'}
    </p>
  );
}
