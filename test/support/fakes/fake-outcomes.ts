import type { OutcomeEvent } from '../../../src/outcomes/outcome-event';
import type { OutcomeMessage, OutcomeQueue } from '../../../src/outcomes/outcome-queue';
import type { OutcomeTopic, Publication } from '../../../src/outcomes/outcome-topic';
import { FakeDelayedQueue } from './fake-delayed-queue';

export class FakeOutcomeTopic implements OutcomeTopic {
  /** Accepted events, one list per batch. */
  readonly batches: (readonly OutcomeEvent[])[] = [];
  /** The number of calls, accepted or not. */
  calls = 0;
  /** Returns the topic's answer to a batch. */
  answer: (events: readonly OutcomeEvent[]) => Publication = () => ({ kind: 'taken' });

  get events(): readonly OutcomeEvent[] {
    return this.batches.flat();
  }

  async publish(events: readonly OutcomeEvent[]): Promise<Publication> {
    this.calls += 1;
    const publication = this.answer(events);
    if (publication.kind === 'taken') this.batches.push(structuredClone(events));
    return publication;
  }
}

export class FakeOutcomeQueue extends FakeDelayedQueue<OutcomeMessage> implements OutcomeQueue {
  async put(message: OutcomeMessage, delaySeconds: number): Promise<void> {
    await this.enqueue(message, delaySeconds);
  }
}
