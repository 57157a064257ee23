import type { LocalAzure } from '../../../azure';
import type { InvocationEnd } from '../../host/instance';
import { queues, unsettled } from './at-rest';
import { isAway, isDisturbed, type RunningWorld } from '../running-world';

const hourMs = 3_600_000;
/**
 * After so many sweeps in a row that changed nothing, none runs for so long, at most: what depends on time alone happens
 * then. One of the sweeps may have seen what Resource Graph showed late.
 */
const atRest = { sweeps: 2, quietMs: 4 * hourMs };
/** The same while something still waits for its time, for example for the next attempt of a write that ARM refuses. */
const waiting = { sweeps: 4, quietMs: hourMs };
/** The hours between two sweeps, at most, while something waits for one. */
export const quietHours = waiting.quietMs / hourMs;

/**
 * Knows when a sweep could only find what the sweep before it has found: no fault occurs, and several sweeps in a row have
 * changed nothing. Most of a virtual day is like that. If a sweep left a message, a row or a record behind, the next one
 * runs.
 */
export class QuietHours {
  #same = 0;
  #seen = '';
  #lastMs = -Infinity;

  constructor(
    private readonly world: RunningWorld,
    private readonly azure: LocalAzure,
  ) {}

  /** Tells whether the sweep that is due now is run. */
  isSweepWorthRunning(): boolean {
    const { world } = this;
    const now = world.scheduler.nowMs();
    const seen = this.#look();
    if (seen !== this.#seen) this.#same = 0;
    this.#seen = seen;
    const { sweeps, quietMs } = unsettled(world, this.azure).length === 0 ? atRest : waiting;
    const isQuiet =
      this.#same >= sweeps &&
      now - this.#lastMs < quietMs &&
      !isDisturbed(world) &&
      !isAway(world, 'arm') &&
      !isAway(world, 'storage');
    if (!isQuiet) this.#lastMs = now;
    return !isQuiet;
  }

  /** Notes how a sweep ended. */
  onSweepEnded(how: InvocationEnd): void {
    this.#same = how === 'done' && !isDisturbed(this.world) ? this.#same + 1 : 0;
  }

  /** Returns a text that changes with everything that a sweep or its reviews can change, but the sweep's own record. */
  #look(): string {
    const { account, policy, judge, recorder, counts } = this.world;
    const messages = queues.map((name) => account.queue(name).snapshot().length);
    const rows = [...account.table('operations').rows()].length;
    return [
      recorder.history.length,
      policy.sinceMs,
      judge.writes.length,
      counts.records,
      counts.facts,
      rows,
      ...messages,
    ].join();
  }
}
