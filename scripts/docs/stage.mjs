// Lays the documents out for the site: a README is the index of its folder, and other files that are linked are served as they are.
import { cp, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';

const roots = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];

/**
 * Writes the pages below `target`; what they link to goes into its folder `public`.
 * Returns the extensions of linked files, which the generator must not take for pages.
 */
export async function stagePages(target) {
  const documents = (await readdir('docs', { recursive: true }))
    .filter((name) => name.endsWith('.md') && !name.startsWith('site'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`);
  const linked = new Set();
  for (const path of [...roots, ...documents]) {
    const { text, targets } = await pageOf(path);
    for (const one of targets) linked.add(one);
    await write(join(target, indexName(path)), text);
  }
  for (const path of linked) await stageLinked(path, target);
  return [...new Set([...linked].flatMap((path) => posix.extname(path).slice(1) || []))].sort();
}

/** Returns the text of a page, and the files and folders that it links to and that are no pages. */
export async function pageOf(path) {
  const text = await readFile(path, 'utf8');
  const targets = [];
  const changed = outsideFences(text, (part) =>
    part.replace(/(\]\()([^)\s#]*)(#[^)\s]*)?(\))/g, (whole, open, link, anchor = '', close) => {
      if (link === '' || /^[a-z][a-z0-9+.-]*:/i.test(link)) return whole;
      const file = posix.normalize(posix.join(posix.dirname(path), link));
      if (file.endsWith('.md')) return `${open}${indexName(link)}${anchor}${close}`;
      targets.push(file);
      if (posix.extname(file) === '') return `${open}/${file}/${close}`;
      // Images are found beside the page; other files are served from the root.
      return isImage(file) ? whole : `${open}/${file}${close}`;
    }),
  );
  return { text: changed, targets };
}

/** Changes only what is no fenced code. */
function outsideFences(text, change) {
  return text
    .split(/(^```[^]*?^```$)/m)
    .map((part) => (part.startsWith('```') ? part : change(part)))
    .join('');
}

function indexName(path) {
  return path.replace(/(^|\/)README\.md$/, '$1index.md');
}

function isImage(path) {
  return /\.(?:png|svg|jpe?g)$/.test(path);
}

/** Serves a file as it is, and a folder as a page that lists its files. */
async function stageLinked(path, target) {
  if (isImage(path)) return void (await copy(path, join(target, path)));
  if (!(await stat(path)).isDirectory()) return void (await copy(path, join(target, 'public', path)));
  const names = (await readdir(path, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
  for (const name of names) await copy(join(path, name), join(target, 'public', path, name));
  const list = names.map((name) => `- <a href="./${name}">${name}</a>`).join('\n');
  await write(join(target, path, 'index.md'), `# ${path}\n\n${list}\n`);
}

async function copy(from, to) {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to);
}

async function write(path, text) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
