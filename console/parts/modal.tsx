import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Shows a dialog that keeps the keyboard within it. It is open as long as it is rendered; then the focus returns to
 * where it was. The element with `autofocus` gets the focus first.
 */
export function Modal({
  title,
  onClose,
  children,
}: {
  readonly title: string;
  /** Called when the person leaves with the Escape key. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="dialog-heading"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id="dialog-heading">{title}</h2>
      {children}
    </dialog>
  );
}
