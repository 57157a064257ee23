import { useEffect } from 'preact/hooks';

/**
 * Keeps the keyboard's place: if what has the focus goes away, the focus moves to the heading of its section,
 * or of the screen. Without this it would begin at the top of the page again.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: { readonly element: Element; readonly section: Element | null } | undefined = undefined;
    const remember = ({ target }: FocusEvent): void => {
      if (target instanceof Element) last = { element: target, section: target.closest('section') };
    };
    const observer = new MutationObserver(() => {
      if (last === undefined || last.element.isConnected || document.activeElement !== document.body) return;
      const section = last.section?.isConnected === true ? last.section.querySelector('h2') : null;
      const heading = section ?? document.querySelector('h1');
      heading?.setAttribute('tabindex', '-1');
      heading?.focus({ preventScroll: true });
    });
    document.addEventListener('focusin', remember);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', remember);
      observer.disconnect();
    };
  }, []);
}
