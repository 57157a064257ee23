import type { IncomingHttpHeaders } from 'node:http';

/** A request as the host's handlers see it. */
export interface HostRequest {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Uint8Array;
}

export interface HostReply {
  status: number;
  headers?: Record<string, string | string[]>;
  body?: string | Uint8Array;
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
