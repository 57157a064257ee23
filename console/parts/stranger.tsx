import type { Oddity } from '../../src/console/api';

const beyondAscii = /([^\x20-\x7e]+)/;

/** Shows a name that a stranger may have chosen. Letters beyond ASCII are marked; it cannot turn the text beside it. */
export function Name({ text }: { readonly text: string }) {
  return (
    <bdi class="name">
      {text.split(beyondAscii).map((part, at) => (at % 2 === 1 ? <mark key={at}>{part}</mark> : part))}
    </bdi>
  );
}

/** Shows the requester's message, set apart. */
export function Quote({ text }: { readonly text: string }) {
  if (text === '') return <p class="note">The requester wrote nothing.</p>;
  return (
    <figure class="quote">
      <figcaption>The requester's own words</figcaption>
      <blockquote>
        <bdi>{text}</bdi>
      </blockquote>
    </figure>
  );
}

/** Shows the requester's message in one line. */
export function ShortQuote({ text = '' }: { readonly text?: string | undefined }) {
  if (text === '') return <span class="note">none</span>;
  return (
    <q class="short">
      <bdi>{text}</bdi>
    </q>
  );
}

const words: Readonly<Record<Oddity, string>> = {
  letters: 'letters that are not ASCII',
  invisible: 'invisible characters',
  imitation: 'imitates a note of Postern',
};

/** Badges for what is unusual about a stranger's text. */
export function Odd({ odd }: { readonly odd: readonly Oddity[] }) {
  return (
    <>
      {odd.map((each) => (
        <span key={each} class="badge">
          {words[each]}
        </span>
      ))}
    </>
  );
}
