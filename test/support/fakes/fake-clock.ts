import { addSeconds, type Clock } from '../../../src/clock';

/** A clock that stands still until it is told otherwise. Both of its readings move together. */
export class FakeClock implements Clock {
  private instant: Date;
  private elapsedMs = 0;

  constructor(start = '2026-01-05T12:00:00.000Z') {
    this.instant = new Date(start);
  }

  now(): Date {
    return new Date(this.instant);
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }

  advance(seconds: number): void {
    this.instant = addSeconds(this.instant, seconds);
    this.elapsedMs += seconds * 1000;
  }
}
