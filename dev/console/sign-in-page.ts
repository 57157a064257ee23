import type { IncomingMessage } from 'node:http';
import type { LocalPerson } from './people';

/** Returns the page on which people choose who they are. */
export function signInPage(people: readonly LocalPerson[]): string {
  const buttons = people.map(
    ({ oid, name, userName, roles }) =>
      `<p><button name="oid" value="${oid}">${name}</button> ${userName}: ${roles.join(', ')}</p>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Local sign-in</title>
<style>:root { color-scheme: light dark } body { font: 1rem/1.5 system-ui; margin: 2rem auto; max-width: 40rem; padding: 0 1rem } button { font: inherit; padding: .25rem 1rem }</style>
<h1>Who are you?</h1>
<p>This sign-in service exists on this machine only, in the place of Microsoft Entra ID.</p>
<form method="post">${buttons.join('')}</form>
</html>`;
}

/** Reads which person was chosen; the empty string if none was. */
export async function chosenPerson(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString()).get('oid') ?? '';
}
