import { guidSource } from '../base/guid';
import { CliError } from './cli-host';

const beginning = new RegExp(`[\\\\/]subscriptions[\\\\/]${guidSource}(?=[\\\\/]|$)`, 'i');
/** Text that a tool or a person may put before an id, and that cannot be part of one. */
const prefixes: readonly RegExp[] = [
  /^$/,
  /^\/+$/,
  // Git Bash and MSYS make a path of Windows of an argument that begins with a slash.
  /^[a-z]:(?:[\\/][^\\/:*?"<>|]*)*$/i,
  /^\/[a-z]\/(?:[^/]+\/)*(?:git|msys\d*|mingw\d*|cygwin\d*)$/i,
  // Addresses of the portal (whole, or from the # on) and of ARM.
  /^https:\/\/[^\s]*$/i,
  /^#?@?[^\s/\\]*\/resource$/i,
  /^\/?resource$/i,
];

/** Matches an id that Git Bash has rewritten; neither a file nor an id looks like this. */
const rewritten = /^[a-z]:[\\/].*[\\/]subscriptions[\\/].*[\\/](?:resourcegroups|providers)(?:[\\/]|$)/i;

/**
 * Finds the ARM id in a command-line argument. Accepts an id as it is, rewritten by Git Bash, in
 * quotes, with a missing or extra slash, or in an address of the portal or of ARM. Returns
 * `undefined` if the argument is not an id, such as a file name.
 * @throws CliError with the fix if an id is surrounded by other text.
 */
export function idFrom(argument: string): string | undefined {
  const text = decoded(unquoted(argument.trim()));
  const rooted = new RegExp(`^subscriptions[\\\\/]${guidSource}[\\\\/]`, 'i').test(text) ? `/${text}` : text;
  const found = beginning.exec(rooted);
  if (found === null) {
    if (/^https:\/\/[^/]*portal[.-]|^#?@[^/]*\/resource\//i.test(text)) throw noId();
    if (rewritten.test(text))
      throw new CliError(
        'this looks like an incomplete ARM id that Git Bash has rewritten: set MSYS_NO_PATHCONV=1 and pass the whole id, starting with /subscriptions/',
      );
    return undefined;
  }
  const before = rooted.slice(0, found.index);
  if (!prefixes.some((prefix) => prefix.test(before))) {
    if (/\s/.test(before) || before.includes('providers/')) throw noId();
    return undefined;
  }
  const id = rooted.slice(found.index).replaceAll('\\', '/');
  return before === '' ? id.replace(/\/+$/, '') : withoutPage(id);
}

/**
 * Finds the ARM id in an argument; returns the argument itself if there is none, for the caller to
 * report.
 * @throws CliError
 */
export function idOrSame(argument: string): string {
  return idFrom(argument) ?? argument;
}

function noId(): CliError {
  return new CliError('this is not an ARM id: pass only the id, starting with /subscriptions/');
}

function unquoted(text: string): string {
  return /^(['"`]).*\1$/s.test(text) ? text.slice(1, -1).trim() : text;
}

/** Decodes addresses; some pages of the portal percent-encode the slashes of an id. */
function decoded(text: string): string {
  if (!/%2Fsubscriptions%2F/i.test(text) && !/^https:/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Removes the query, a final slash and the name of the portal's page. In an id, types and names
 * come in pairs.
 */
function withoutPage(text: string): string {
  const id = text.replace(/[?#].*$/s, '').replace(/\/+$/, '');
  const segments = id.split('/');
  const provider = segments.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  const rest = segments.length - (provider === -1 ? 1 : provider + 2);
  return rest > 1 && rest % 2 === 1 ? segments.slice(0, -1).join('/') : id;
}
