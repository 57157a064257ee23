import type { App } from '../../../src/app';
import type { Owner } from '../kernel/scheduler';

/** A worker process of one instance, with its own app. */
export interface Worker extends Owner {
  readonly name: string;
  isDead: boolean;
  awayUntilMs: number;
  readonly app: App;
}

/** A message as a host holds it. */
export interface HeldMessage {
  readonly id: string;
  readonly text: string;
  readonly dequeueCount: number;
  /** Changes with every update. */
  receipt: string;
}

/** The queue service as hosts use it. Every method fails while storage is away. */
export interface HostQueues {
  /** Receives up to `count` visible messages and hides them for `seconds`. */
  receive(queue: string, count: number, seconds: number): readonly HeldMessage[];
  /** Puts a message and returns its id. */
  put(queue: string, text: string): string;
  /** Hides a message for `seconds` from now. Returns false if it is no longer held. */
  hide(queue: string, message: HeldMessage, seconds: number): boolean;
  remove(queue: string, message: HeldMessage): boolean;
  /** Returns when the next message becomes visible, in virtual milliseconds; `undefined` if there is none. */
  nextVisibleMs(queue: string): number | undefined;
  readonly isAway: boolean;
}
