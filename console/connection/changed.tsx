import { useLayoutEffect, useRef } from 'preact/hooks';
import { useConsole } from '../parts/context';
import { differencesBetween } from './differences';
import type { Change } from './looking';

/** Shows what has changed since the person looked. Until they have read it, they cannot answer. */
export function Changed({
  change: { before, now, wasSent },
  onRead,
}: {
  readonly change: Change;
  readonly onRead: () => void;
}) {
  const { announce } = useConsole();
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever reads something else keeps their place, and hears of it.
  useLayoutEffect(() => {
    if (wasSent) heading.current?.focus();
    else announce('It has changed since you looked.');
  }, [wasSent]);
  const differences = differencesBetween(before, now);
  return (
    <section class="banner warning" aria-labelledby="changed-heading">
      <h2 id="changed-heading" ref={heading} tabIndex={-1}>
        It has changed since you looked
      </h2>
      <p>
        {wasSent && 'Your answer was not taken; only your reason is kept. '}
        Read what is different, then decide.
      </p>
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
      <button type="button" onClick={onRead}>
        I have read it
      </button>
    </section>
  );
}
