import { spanBetween, utc } from '../base/time';

/** Shows how long ago something was, and when, in UTC. */
export function Since({ at, now }: { readonly at: string; readonly now: number }) {
  return (
    <time dateTime={at}>
      {spanBetween(at, now)} <span class="note">{utc(at)}</span>
    </time>
  );
}

/** Shows an instant in UTC. */
export function Moment({ at }: { readonly at: string }) {
  return <time dateTime={at}>{utc(at)}</time>;
}
