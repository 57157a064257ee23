export { FakeAlarm } from './fake-alarm';
export { FakeClock } from './fake-clock';
export { FakeLedger } from './fake-ledger';
export { FakeOperationStore } from './fake-operation-store';
export { FakeReviewQueue } from './fake-review-queue';
export { FakeTargetLease } from './fake-target-lease';
export { FakeTelemetry } from './fake-telemetry';
