import type { Alarm, AlarmCall } from '../../../src/operations/alarm';
import { FakeDelayedQueue } from './fake-delayed-queue';

export class FakeAlarm extends FakeDelayedQueue<AlarmCall> implements Alarm {
  ring(call: AlarmCall, delaySeconds: number): Promise<void> {
    return this.enqueue(call, delaySeconds);
  }
}
