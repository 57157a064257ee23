import { randomUUID } from 'node:crypto';

/** Chance as a port: the only source of random values, so that a simulated run can be repeated. */
export interface Chance {
  /** Returns a random UUID, in lower case. */
  uuid(): string;
}

export const systemChance: Chance = { uuid: () => randomUUID() };
