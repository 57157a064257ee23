import { sha256Hex } from '../../base/digest';
import { chooseEncoding, type Encoding, isUnchanged } from './encoding';
import { ConsoleError, type ConsoleReply, type ConsoleRequest } from './message';

/** The files of the page, in each stored encoding, by their path below `console/`; `''` is the page. */
export type AssetFiles = ReadonlyMap<string, ReadonlyMap<Encoding, Uint8Array>>;

/** The page's files on disk. */
export interface AssetReader {
  /** Reads all files: few, small, and none but those that the build has made. */
  read(): Promise<AssetFiles>;
}

/** Answers a request for a file of the page; `undefined` if there is no such file. */
export type ServeAsset = (path: string, request: ConsoleRequest) => Promise<ConsoleReply | undefined>;

/** Matches a file whose name contains the hash of its content. */
export const assetPattern = /^assets\/[\w-]+-[A-Za-z0-9]{8,64}\.(?:js|css)$/;

const yearSeconds = 31_536_000;

/**
 * Creates the server of the page's files. They are read once, so that a path only selects among them and
 * cannot name anything else.
 */
export function createAssets(reader: AssetReader): ServeAsset {
  let reading: Promise<AssetFiles> | undefined;
  return async (path, request) => {
    if (path !== '' && !assetPattern.test(path)) return undefined;
    reading ??= reader.read();
    const files = await reading.catch((cause: unknown) => {
      reading = undefined;
      throw new ConsoleError('INTERNAL', 'The files of the page cannot be read.', { cause });
    });
    const variants = files.get(path);
    if (variants === undefined) return undefined;
    return fileReply(path, variants, request);
  };
}

function fileReply(
  path: string,
  variants: ReadonlyMap<Encoding, Uint8Array>,
  request: ConsoleRequest,
): ConsoleReply | undefined {
  const encoding = chooseEncoding(request.header('accept-encoding'), new Set(variants.keys()));
  const body = variants.get(encoding);
  if (body === undefined) return undefined;
  const etag = `"${sha256Hex(Buffer.from(body).toString('base64'), 20)}-${encoding}"`;
  const headers = {
    etag,
    vary: 'Accept-Encoding',
    'content-type': contentTypeOf(path),
    'cache-control': path === '' ? 'no-cache' : `public, max-age=${yearSeconds}, immutable`,
    ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
  };
  if (isUnchanged(request.header('if-none-match'), etag)) return { status: 304, headers };
  return { status: 200, headers, body };
}

function contentTypeOf(path: string): string {
  if (path.endsWith('.js')) return 'text/javascript; charset=utf-8';
  return path.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/html; charset=utf-8';
}
