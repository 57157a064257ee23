import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { WriteEffect } from '../../../src/connections/connection-store';
import { targetOf, parseResourceId, type TargetId } from '../../../src/connections/resource-id';
import { loadRecording } from './replay';

/** One recorded request and its reply. Headers are in lower case; an empty body is `''`. */
export interface Interaction {
  readonly index: number;
  readonly request: { readonly method: string; readonly url: string; readonly body: unknown };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

const interaction: z.ZodType<Interaction> = z.object({
  index: z.number(),
  request: z.object({ method: z.string(), url: z.string(), body: z.unknown() }),
  response: z.object({
    status: z.number(),
    headers: z.record(z.string(), z.string()).catch({}),
    body: z.unknown(),
  }),
});

const fileSchema = z.object({
  type: z.string(),
  recordings: z.array(
    z.object({
      source: z.looseObject({ path: z.string().optional(), recorded: z.string().optional() }),
      interactions: z.array(interaction),
    }),
  ),
});

/** The recorded traffic of one test of one type. */
export interface TypeRecording {
  readonly title: string;
  readonly type: string;
  readonly interactions: readonly Interaction[];
}

/** The project's own recordings, and those in the folder that the environment names. */
const folders = [join(__dirname, '../../data/recordings/types'), process.env['POSTERN_RECORDINGS']].filter(
  (folder) => folder !== undefined,
);

/** Loads the recordings of all types. */
export function typeRecordings(): readonly TypeRecording[] {
  return folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.json') && name !== 'errors.json')
      .flatMap((name) => recordingsIn(join(folder, name))),
  );
}

function recordingsIn(path: string): readonly TypeRecording[] {
  const { type, recordings } = fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  return recordings.map(({ source, interactions }) => {
    const test = source.path?.split('/').at(-1) ?? path;
    return { title: `${type} ${test} ${source.recorded ?? ''}`.trim(), type, interactions };
  });
}

/** Loads the recordings of the types with a store of their own, in the same form. */
export function ownStoreRecordings(): readonly TypeRecording[] {
  return readdirSync(ownStoreFolder)
    .filter((name) => /^(?:2023-07|kv-vault).*\.json$/.test(name))
    .map((name) => {
      const interactions = loadRecording(name).map(
        ({ method, url, requestBody, status, headers, body }, index): Interaction => ({
          index,
          request: { method, url, body: requestBody ?? '' },
          response: { status, headers, body: body ?? '' },
        }),
      );
      const [type = ''] = writesIn(interactions).map(({ subject }) => subject.target.type);
      return { title: name, type, interactions };
    });
}

const ownStoreFolder = join(__dirname, '../../data/recordings');

/** What the path of a recorded request is about. */
export interface Subject {
  readonly target: TargetId;
  /** Absent for the list of connections, and for the target itself. */
  readonly connection?: string | undefined;
  readonly kind: 'connection' | 'list' | 'target';
}

/** Returns the subject of a request; `undefined` for an operation's URL, or anything else. */
export function subjectOf(url: string): Subject | undefined {
  const { pathname } = new URL(url);
  const [, path = pathname, rest] =
    /^(.*?)(\/privateEndpointConnections.*)?$/i.exec(decodeURIComponent(pathname)) ?? [];
  const target = targetFrom(path);
  if (target === undefined) return undefined;
  const [, , connection, ...below] = rest?.split('/') ?? [];
  if (below.length > 0) return undefined;
  if (rest === undefined) return { target, kind: 'target' };
  return connection === undefined ? { target, kind: 'list' } : { target, connection, kind: 'connection' };
}

function targetFrom(path: string): TargetId | undefined {
  try {
    const resource = parseResourceId(path);
    const target = targetOf(resource);
    return target?.id.split('/').length === path.split('/').length ? target : undefined;
  } catch {
    return undefined;
  }
}

/** A recorded write of one connection. */
export interface RecordedWrite {
  readonly at: number;
  readonly subject: Subject & { readonly connection: string };
  readonly effect: WriteEffect;
  readonly interaction: Interaction;
}

/** Lists the recorded approvals, rejections and deletions. A write of another status is none that Postern makes. */
export function writesIn(interactions: readonly Interaction[]): readonly RecordedWrite[] {
  return interactions.flatMap((each, at) => {
    const subject = subjectOf(each.request.url);
    const effect = effectOf(each);
    if (subject?.connection === undefined || effect === undefined) return [];
    return [{ at, subject: { ...subject, connection: subject.connection }, effect, interaction: each }];
  });
}

const wanted = z.object({
  properties: z.object({ privateLinkServiceConnectionState: z.object({ status: z.string() }) }),
});

function effectOf({ request: { method, body } }: Interaction): WriteEffect | undefined {
  if (method === 'DELETE') return 'delete';
  if (method !== 'PUT' && method !== 'PATCH') return undefined;
  const status = wanted
    .safeParse(body)
    .data?.properties.privateLinkServiceConnectionState.status.toLowerCase();
  return status === 'approved' ? 'approve' : status === 'rejected' ? 'reject' : undefined;
}
