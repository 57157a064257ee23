import { useRef } from 'preact/hooks';
import { portalLink } from '../base/ids';
import { useConsole } from './context';
import { Name } from './stranger';

/** Shows an ARM id with a button that copies it and, if it is safe, a link to the Azure portal. */
export function ResourceId({ id, what }: { readonly id: string; readonly what: string }) {
  const { announce, config } = useConsole();
  const text = useRef<HTMLElement>(null);
  const portal = portalLink(id, config.authority);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(id);
      announce(`Copied the id of the ${what}.`);
    } catch {
      if (text.current !== null) getSelection()?.selectAllChildren(text.current);
      announce('The browser does not let this page copy. The id is selected.');
    }
  };
  return (
    <div class="resource">
      <code ref={text}>
        <Name text={id} />
      </code>
      <span class="tools">
        <button type="button" onClick={() => void copy()} aria-label={`Copy the id of the ${what}`}>
          Copy
        </button>
        {portal !== undefined && (
          <a
            href={portal}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={`Open the ${what} in the Azure portal`}
          >
            Portal
          </a>
        )}
      </span>
    </div>
  );
}
