import type { HiddenMessage } from '../../../src/base/hidden-message';
import type { Alarm, AlarmCall } from '../../../src/operations/alarm';
import { FakeDelayedQueue } from './fake-delayed-queue';

export class FakeAlarm extends FakeDelayedQueue<AlarmCall> implements Alarm {
  ring(call: AlarmCall, delaySeconds: number): Promise<HiddenMessage> {
    return this.enqueue(call, delaySeconds);
  }
}
