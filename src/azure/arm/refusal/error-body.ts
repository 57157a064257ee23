import { fieldsOf } from '../../../base/json';
import { safeText } from '../../../base/text';
import { tryParseBody } from '../body';
import { elementOf, pageText } from './html-page';

/** The content of an error body, in any of the recorded spellings. */
export interface ArmErrorText {
  readonly code: string | undefined;
  /** May be empty. */
  readonly message: string;
  /** The innermost codes and messages of `details`, `innererror` and of JSON within a message: the cause, where there is one. */
  readonly cause: string | undefined;
  /** All messages verbatim, to find names in. */
  readonly said: string;
}

/** Reads the error in a body. */
export function readArmError(body: string): ArmErrorText {
  return pageIn(body) ?? armErrorOf(tryParseBody(body));
}

/** Reads the error in a parsed body. */
export function armErrorOf(body: unknown): ArmErrorText {
  const outer = fieldsOf(body);
  const inner = fieldsOf(outer['error'] ?? outer['Error']);
  const code = firstText(inner['code'], inner['Code'], outer['error'], outer['code'], outer['Code']);
  const message = firstText(
    inner['message'],
    inner['Message'],
    outer['error_description'],
    outer['message'],
    outer['Message'],
  );
  const nested = jsonIn(message);
  const top = Object.keys(inner).length > 0 ? inner : outer;
  const causes = innermost(top, 0).filter((cause) => cause.code !== code || cause.message !== message);
  return {
    code: code === undefined ? undefined : safeText(code, 100),
    message: nested === undefined ? safeText(message ?? '') : '',
    cause: causeText(causes),
    said: [message ?? '', ...causes.map((cause) => `${cause.code ?? ''} ${cause.message ?? ''}`)]
      .join('\n')
      .slice(0, longestSaid),
  };
}

const longestSaid = 8_192;
const deepest = 6;
const mostCauses = 3;

interface Cause {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/** Lists the leaves below an error, or the error itself when it has none. */
function innermost(error: Readonly<Record<string, unknown>>, depth: number): readonly Cause[] {
  const children = depth < deepest ? childrenOf(error) : [];
  const leaves = children.slice(0, 20).flatMap((child) => innermost(fieldsOf(child), depth + 1));
  if (leaves.length > 0 || depth === 0) return leaves;
  const code = firstText(error['code'], error['Code'], error['exceptiontype']);
  const message = firstText(error['message'], error['Message'], error['errordetail']);
  return code === undefined && message === undefined ? [] : [{ code, message }];
}

function childrenOf(error: Readonly<Record<string, unknown>>): readonly unknown[] {
  const details: unknown = error['details'] ?? error['Details'];
  const inner = error['innererror'] ?? error['innerError'] ?? error['InnerError'];
  const nested = jsonIn(firstText(error['message'], error['Message']));
  const wrapped = error['error'] ?? error['Error'];
  const listed: readonly unknown[] = Array.isArray(details) ? details : [];
  return [...listed, inner, nested, wrapped].filter((child) => typeof child === 'object' && child !== null);
}

/** Parses JSON within a message: deployments and some providers pass on errors as text. */
function jsonIn(text: string | undefined): unknown {
  const value = text?.trimStart().startsWith('{') ? tryParseBody(text) : undefined;
  return typeof value === 'object' && value !== null ? value : undefined;
}

function causeText(causes: readonly Cause[]): string | undefined {
  if (causes.length === 0) return undefined;
  const texts = causes
    .slice(0, mostCauses)
    .map(({ code, message }) => [code, message].filter(Boolean).join(': '));
  return safeText([...new Set(texts)].join('; '), 400);
}

/** Reads a page of HTML in place of a reply, or an error in XML. */
function pageIn(body: string): ArmErrorText | undefined {
  const isXml = /^\s*<\?xml/.test(body);
  const [code, message] = isXml ? [elementOf(body, 'Code'), elementOf(body, 'Message')] : [];
  if (code !== undefined)
    return {
      code: safeText(code, 100),
      message: safeText(message ?? ''),
      cause: undefined,
      said: message ?? '',
    };
  const page = pageText(body);
  if (page === undefined) return undefined;
  return { code: undefined, message: `${page}: a gateway or a proxy sent it`, cause: undefined, said: '' };
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '');
}
