import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ConnectionView } from '../../src/console/api';
import { differencesBetween } from './differences';

/** Shows what has changed since the person looked. Nothing of the answer was sent but what they typed is kept. */
export function Changed({
  before,
  now,
  onClose,
}: {
  readonly before: ConnectionView;
  readonly now: ConnectionView;
  readonly onClose: () => void;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  const differences = differencesBetween(before, now);
  return (
    <section class="banner warning" aria-labelledby="changed-heading">
      <h2 id="changed-heading" ref={heading} tabIndex={-1}>
        It has changed since you looked
      </h2>
      <p>Your answer was not taken. Read what is different, then decide again. Only your reason is kept.</p>
      {differences.length === 0 ? (
        <p>What you see is the same; something else that the policy reads has changed.</p>
      ) : (
        <dl class="differences">
          {differences.map(({ what, before: was, now: is }) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>
                {was !== undefined && (
                  <del>
                    <span class="hidden">before: </span>
                    <bdi>{was}</bdi>
                  </del>
                )}{' '}
                {is !== undefined && (
                  <ins>
                    <span class="hidden">now: </span>
                    <bdi>{is}</bdi>
                  </ins>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <button type="button" onClick={onClose}>
        I have read it
      </button>
    </section>
  );
}
