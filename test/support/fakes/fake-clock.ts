import { addSeconds, systemClock, type Cancel, type Clock, type DelayOptions } from '../../../src/base/clock';

/** A clock that stands still until it is moved. */
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

  /** Waits in real time: this clock moves only when a test moves it. */
  after(ms: number, job: () => void, options?: DelayOptions): Cancel {
    return systemClock.after(ms, job, options);
  }

  /** Lets time pass: both readings advance. */
  advance(seconds: number): void {
    this.instant = addSeconds(this.instant, seconds);
    this.elapsedMs += seconds * 1000;
  }

  /** Sets the machine's clock forward, or back with negative seconds. No time passes. */
  jump(seconds: number): void {
    this.instant = addSeconds(this.instant, seconds);
  }
}
