import { guidSource } from '../base/guid';
import { CliError } from './cli-host';

const beginning = new RegExp(`[\\\\/]subscriptions[\\\\/]${guidSource}(?=[\\\\/]|$)`, 'i');
/** What stands before an id where a tool or a person has put it: nothing that could be a part of one. */
const prefixes: readonly RegExp[] = [
  /^$/,
  /^\/+$/,
  // Git Bash and MSYS make a path of Windows of an argument that begins with a slash.
  /^[a-z]:(?:[\\/][^\\/:*?"<>|]*)*$/i,
  /^\/[a-z]\/(?:[^/]+\/)*(?:git|msys\d*|mingw\d*|cygwin\d*)$/i,
  // The portal's addresses, whole or from the # on, and those of ARM.
  /^https:\/\/[^\s]*$/i,
  /^#?@?[^\s/\\]*\/resource$/i,
  /^\/?resource$/i,
];

/** No file is named like this, and no id is. */
const rewritten = /^[a-z]:[\\/].*[\\/]subscriptions[\\/].*[\\/](?:resourcegroups|providers)(?:[\\/]|$)/i;

/**
 * The ARM id that an argument stands for, as far as it can be told: as it is, as Git Bash has rewritten it, in quotes, with a
 * slash too few or too many, or in an address of the portal or of ARM. `undefined` for what is no id, such as a file's name.
 * @throws CliError with the mend for an id that stands in something else.
 */
export function idFrom(argument: string): string | undefined {
  const text = decoded(unquoted(argument.trim()));
  const rooted = new RegExp(`^subscriptions[\\\\/]${guidSource}[\\\\/]`, 'i').test(text) ? `/${text}` : text;
  const found = beginning.exec(rooted);
  if (found === null) {
    if (/^https:\/\/[^/]*portal[.-]|^#?@[^/]*\/resource\//i.test(text)) throw noId();
    if (rewritten.test(text))
      throw new CliError(
        'this looks like an ARM id that Git Bash has rewritten, and none that is whole: set MSYS_NO_PATHCONV=1, and give the id, from /subscriptions/ on',
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

/** The id, or the argument itself where it is none, for whoever tells what is wrong with it. */
export function idOrSame(argument: string): string {
  return idFrom(argument) ?? argument;
}

function noId(): CliError {
  return new CliError('give the id, from /subscriptions/ on');
}

function unquoted(text: string): string {
  return /^(['"`]).*\1$/s.test(text) ? text.slice(1, -1).trim() : text;
}

/** Some pages of the portal have the id in their address with its slashes spelled out. */
function decoded(text: string): string {
  if (!/%2Fsubscriptions%2F/i.test(text) && !/^https:/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Without a query, a slash at the end, and the name of the portal's page: types and names come in pairs. */
function withoutPage(text: string): string {
  const id = text.replace(/[?#].*$/s, '').replace(/\/+$/, '');
  const segments = id.split('/');
  const provider = segments.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  const rest = segments.length - (provider === -1 ? 1 : provider + 2);
  return rest > 1 && rest % 2 === 1 ? segments.slice(0, -1).join('/') : id;
}
