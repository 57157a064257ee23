import type { LocalRequest } from '../../azure';

export type WrittenEffect = 'approve' | 'reject' | 'delete';

/** A write that a worker sent. */
export interface Write {
  readonly effect: WrittenEffect;
  readonly connection: string;
  readonly atMs: number;
  readonly statusBefore: string;
}

/** Reads the write that a request to ARM asks for; `undefined` if it asks for none. */
export function writeOf(
  request: LocalRequest,
): { readonly effect: WrittenEffect; readonly connection: string; readonly target: string } | undefined {
  if (request.method !== 'PUT' && request.method !== 'DELETE') return undefined;
  const connection = new URL(request.url).pathname.toLowerCase();
  const match = /^(.*)\/privateendpointconnections\/[^/]+$/.exec(connection);
  if (match === null) return undefined;
  const body = Buffer.from(request.body).toString('utf8');
  const effect =
    request.method === 'DELETE' ? 'delete' : /"status"\s*:\s*"Approved"/i.test(body) ? 'approve' : 'reject';
  return { effect, connection, target: match[1] ?? '' };
}

interface Item {
  readonly id: string;
  readonly status: string;
  readonly endpointId: string;
}

/** The path of a list of connections, or of one. */
export const connectionPath = /\/privateendpointconnections(\/[^/?]+)?(?:\?|$)/i;

/** Lists the connections that a reply shows. */
export function itemsOf(body: string, isList: boolean): readonly Item[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return [];
  }
  const items = isList ? (parsed as { value?: unknown }).value : [parsed];
  if (!Array.isArray(items)) return [];
  return (items as readonly RawConnection[]).flatMap(({ id, properties }) => {
    const status = properties?.privateLinkServiceConnectionState?.status;
    if (id === undefined || status === undefined) return [];
    return [{ id, status, endpointId: properties?.privateEndpoint?.id ?? '' }];
  });
}

interface RawConnection {
  readonly id?: string;
  readonly properties?: {
    readonly privateEndpoint?: { readonly id?: string } | null;
    readonly privateLinkServiceConnectionState?: { readonly status?: string };
  };
}
