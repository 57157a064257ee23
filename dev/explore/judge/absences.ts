import type { LocalReply, LocalRequest } from '../../azure';
import { connectionPath, itemsOf } from './arm-traffic';

interface Reading {
  readonly atMs: number;
  /** The path of the list, or of the connection, in lower case. */
  readonly path: string;
  /** What a list showed, in lower case; absent: nothing was found at the path. */
  readonly ids?: ReadonlySet<string> | undefined;
}

/** No single reply proves that something is gone, and two say it if they are this far apart. */
const apartMs = 50_000;
/** How long after the second one the end may be told. */
const lagMs = 120_000;

/**
 * Knows which connections ARM's replies lacked, truly or not. Where it lies twice, and every worker that read the truth in
 * between ended before it could save that, nobody can know better.
 */
export class Absences {
  readonly #readings: Reading[] = [];

  /** Notes a reply to a worker. */
  onReply({ method, url }: LocalRequest, reply: LocalReply, atMs: number): void {
    if (method !== 'GET' || reply.kind === 'reset') return;
    const match = connectionPath.exec(url);
    if (match === null) return;
    const isList = match[1] === undefined;
    const path = new URL(url).pathname.toLowerCase();
    if (reply.status === 404) this.#readings.push({ atMs, path });
    if (reply.status !== 200 || !isList) return;
    const ids = new Set(itemsOf(reply.body, true).map(({ id }) => id.toLowerCase()));
    this.#readings.push({ atMs, path, ids });
  }

  /** Tells whether ARM has shown twice, and just now, that a connection with this id, in lower case, is gone. */
  areTwo(connection: string, nowMs: number): boolean {
    const list = connection.slice(0, connection.lastIndexOf('/'));
    const times = this.#readings
      .filter(({ path, ids }) => path === connection || (path === list && ids?.has(connection) !== true))
      .map(({ atMs }) => atMs);
    const last = times.at(-1);
    return last !== undefined && nowMs - last <= lagMs && times.some((time) => last - time >= apartMs);
  }
}
