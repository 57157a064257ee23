import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

/** Shows the heading of a screen. At each new screen, the title follows and the keyboard's focus moves here. */
export function Heading({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    document.title = `${title} – Postern`;
    heading.current?.focus();
  }, [title]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children ?? title}
    </h1>
  );
}

/** Shows a message that stands out. `alert` interrupts a screen reader. */
export function Banner({
  kind,
  children,
}: {
  readonly kind: 'info' | 'warning' | 'alert';
  readonly children: ComponentChildren;
}) {
  return (
    <div class={`banner ${kind}`} role={kind === 'alert' ? 'alert' : undefined}>
      {children}
    </div>
  );
}

/**
 * Shows a button that says why it cannot be used. It keeps its place in the order of the Tab key then, so that
 * everybody finds the reason.
 */
export function Action({
  children,
  onClick,
  refusal,
  kind = 'plain',
}: {
  readonly children: ComponentChildren;
  readonly onClick: () => void;
  readonly refusal?: string | undefined;
  readonly kind?: 'plain' | 'main' | 'danger';
}) {
  const reasonId = useId();
  if (refusal === undefined) {
    return (
      <button type="button" class={kind} onClick={onClick}>
        {children}
      </button>
    );
  }
  return (
    <span class="refused">
      <button type="button" class={kind} aria-disabled="true" aria-describedby={reasonId}>
        {children}
      </button>{' '}
      <span id={reasonId} class="note">
        {refusal}
      </span>
    </span>
  );
}
