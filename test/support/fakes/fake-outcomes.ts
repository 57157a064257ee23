import type { OutcomeEvent } from '../../../src/outcomes/outcome-event';
import type { OutcomeMessage, OutcomeQueue } from '../../../src/outcomes/outcome-queue';
import type { OutcomeTopic, Publication } from '../../../src/outcomes/outcome-topic';
import { FakeDelayedQueue } from './fake-delayed-queue';

export class FakeOutcomeTopic implements OutcomeTopic {
  /** What was taken, a list for each batch. */
  readonly batches: (readonly OutcomeEvent[])[] = [];
  /** How often anything was published, taken or not. */
  calls = 0;
  /** What the topic says to a batch. */
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
  put(message: OutcomeMessage, delaySeconds: number): Promise<void> {
    return this.enqueue(message, delaySeconds);
  }
}
