import type { IncomingHttpHeaders } from 'node:http';

/** A request as the host's handlers see it. */
export interface HostRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

export interface HostReply {
  readonly status: number;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Uint8Array;
}

export function jsonReply(status: number, value: unknown): HostReply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(value),
  };
}

export function textReply(status: number, body: string): HostReply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}
