/**
 * Takes the place of `AbortController` in the bundle of the explorer, where every call has one. Node's own, a general
 * event target, costs as much as the rest of a call.
 */
export class SimulatedAbortController {
  readonly signal = new SimulatedAbortSignal();

  abort(): void {
    this.signal.abort();
  }
}

type Listener = () => void;

/** The part of `AbortSignal` that the app and the simulated network use. */
class SimulatedAbortSignal {
  reason: unknown;
  aborted = false;
  #listeners: Listener[] = [];

  addEventListener(_type: 'abort', listener: Listener): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: 'abort', listener: Listener): void {
    const at = this.#listeners.indexOf(listener);
    if (at >= 0) this.#listeners.splice(at, 1);
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = new DOMException('This operation was aborted', 'AbortError');
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
