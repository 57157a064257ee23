// Checks the built site itself: every link of a page, with its anchor, leads to a file of the site and to an id in it.
import { readFile, readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';

/** Returns a sentence for each link that leads nowhere in a folder of HTML. Links to other sites are not followed. */
export async function deadLinksIn(folder) {
  const files = new Set(
    (await readdir(folder, { recursive: true })).map((name) => name.replaceAll('\\', '/')),
  );
  const pages = new Map();
  for (const path of files) if (path.endsWith('.html')) pages.set(path, await pageAt(join(folder, path)));
  return [...pages].flatMap(([path, { links }]) =>
    links.flatMap((link) => {
      const problem = problemOf(path, link, { files, pages });
      return problem === undefined ? [] : [`${path}: ${link} ${problem}`];
    }),
  );
}

async function pageAt(path) {
  const html = await readFile(path, 'utf8');
  return {
    ids: new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => unescaped(id))),
    links: [...html.matchAll(/<a\s[^>]*?href="([^"]+)"/g)].map(([, link]) => unescaped(link)),
  };
}

function problemOf(from, link, { files, pages }) {
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(link)) return undefined;
  const [path = '', anchor = ''] = decodeURI(link).split('#');
  const file = path === '' ? from : fileOf(from, path);
  if (!files.has(file)) return 'is not there';
  if (anchor === '' || pages.get(file)?.ids.has(anchor)) return undefined;
  return `has no #${anchor}`;
}

function fileOf(from, path) {
  const whole = path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(from), path);
  return whole.endsWith('/') || whole === '' ? posix.normalize(`${whole}index.html`) : whole;
}

function unescaped(text) {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
