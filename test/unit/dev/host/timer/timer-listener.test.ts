import type { HostedFunction } from '../../../../../dev/host/functions';
import type { Occasion } from '../../../../../dev/host/invoker';
import { TimerListener } from '../../../../../dev/host/timer/timer-listener';
import type { TimerStatus, TimerStatusStore } from '../../../../../dev/host/timer/timer-status';
import { systemClock } from '../../../../../src/base/clock';

const start = new Date('2024-02-10T10:30:00.000Z');

beforeEach(() => {
  jest.useFakeTimers({ now: start });
});

afterEach(() => {
  jest.useRealTimers();
});

test('a timer runs at each occurrence and tells when it ran and runs next', async () => {
  const { listener, runs } = rig({ schedule: '0 0 * * * *' });
  await listener.start();
  await jest.advanceTimersByTimeAsync(29 * 60_000);
  expect(runs).toEqual([]);
  await jest.advanceTimersByTimeAsync(61 * 60_000);
  await listener.stop();
  expect(runs.map(({ at }) => at)).toEqual(['2024-02-10T11:00:00.000Z', '2024-02-10T12:00:00.000Z']);
  expect(runs[0]?.value).toEqual({
    Schedule: { AdjustForDST: true },
    ScheduleStatus: {
      Last: '0001-01-01T00:00:00+00:00',
      Next: '2024-02-10T11:00:00.000Z',
      LastUpdated: '2024-02-10T10:30:00.000Z',
    },
    IsPastDue: false,
  });
  expect(runs[1]?.value.ScheduleStatus).toMatchObject({
    Last: '2024-02-10T11:00:00.000Z',
    Next: '2024-02-10T12:00:00.000Z',
  });
});

test('a run that was missed is made up for at once, and says that it is past due', async () => {
  const stored = status('2024-02-10T08:00:00Z', '2024-02-10T09:00:00Z');
  const { listener, runs, store } = rig({ schedule: '0 0 * * * *' }, stored);
  await listener.start();
  await listener.stop();
  expect(runs.map(({ value }) => value.IsPastDue)).toEqual([true]);
  expect(store.written).toMatchObject({ Next: '2024-02-10T11:00:00.000Z' });
});

test('a schedule that was changed counts from the last run', async () => {
  const stored = status('2024-02-10T09:00:00Z', '2024-02-10T10:00:00Z');
  const { listener, runs } = rig({ schedule: '0 0 12 * * *' }, stored);
  await listener.start();
  await listener.stop();
  expect(runs).toEqual([]);
});

test('runOnStartup runs at once', async () => {
  const { listener, runs } = rig({ schedule: '0 0 * * * *', runOnStartup: true });
  await listener.start();
  await listener.stop();
  expect(runs.map(({ value }) => value.IsPastDue)).toEqual([false]);
});

test('a timer that comes more often than each minute keeps no status', async () => {
  const { listener, runs, store } = rig({ schedule: '*/20 * * * * *' });
  await listener.start();
  await jest.advanceTimersByTimeAsync(60_000);
  await listener.stop();
  expect(runs).toHaveLength(3);
  expect(runs[0]?.value.ScheduleStatus).toBeNull();
  expect(store.written).toBeUndefined();
});

test('a run that takes long does not overlap with itself; the next comes after its end', async () => {
  let finish: () => void = () => undefined;
  const { listener, runs } = rig({ schedule: '0 * * * * *' }, undefined, () => {
    return runs.length > 1 ? undefined : new Promise<void>((resolve) => (finish = resolve));
  });
  await listener.start();
  await jest.advanceTimersByTimeAsync(5 * 60_000 + 30_000);
  expect(runs).toHaveLength(1);
  finish();
  await jest.advanceTimersByTimeAsync(60_000);
  await listener.stop();
  expect(runs.map(({ at }) => at)).toEqual(['2024-02-10T10:31:00.000Z', '2024-02-10T10:36:00.000Z']);
});

test('a failed run does not stop the schedule', async () => {
  const { listener, runs } = rig({ schedule: '0 * * * * *' }, undefined, () =>
    Promise.reject(new Error('no')),
  );
  await listener.start();
  await jest.advanceTimersByTimeAsync(2 * 60_000);
  await listener.stop();
  expect(runs).toHaveLength(2);
});

test('an occurrence that is further away than a timer can wait is not lost', async () => {
  const { listener, runs } = rig({ schedule: '0 0 0 1 4 *' });
  await listener.start();
  await jest.advanceTimersByTimeAsync(51 * 86_400_000);
  await listener.stop();
  expect(runs.map(({ at }) => at)).toEqual(['2024-04-01T00:00:00.000Z']);
});

test('a stopped timer runs no more', async () => {
  const { listener, runs } = rig({ schedule: '0 * * * * *' });
  await listener.start();
  await listener.stop();
  await jest.advanceTimersByTimeAsync(10 * 60_000);
  expect(runs).toEqual([]);
});

interface Value {
  Schedule: unknown;
  ScheduleStatus: TimerStatus | null;
  IsPastDue: boolean;
}

class FakeTimerStatusStore implements TimerStatusStore {
  written: TimerStatus | undefined;

  constructor(private readonly stored: TimerStatus | undefined) {}

  async read(): Promise<TimerStatus | undefined> {
    return this.stored;
  }

  async write(_functionName: string, written: TimerStatus): Promise<void> {
    this.written = written;
  }
}

function rig(
  given: { schedule: string; runOnStartup?: boolean },
  stored?: TimerStatus,
  work: () => Promise<void> | undefined = () => undefined,
) {
  const trigger = { kind: 'timer', name: 'timer', runOnStartup: false, useMonitor: true, ...given } as const;
  const target: HostedFunction = { name: 'sweep', trigger, queueOutputs: [], disabled: false };
  const runs: { at: string; value: Value }[] = [];
  const store = new FakeTimerStatusStore(stored);
  const invoke = async (_target: HostedFunction, { data }: Occasion) => {
    runs.push({ at: new Date().toISOString(), value: JSON.parse(data.json ?? '') as Value });
    await work();
    return {};
  };
  const clock = { ...systemClock, monotonicMs: () => 0 };
  const log = (): void => undefined;
  const listener = new TimerListener({ target, trigger, statuses: store, invoke, clock, log });
  return { listener, runs, store };
}

function status(last: string, next: string): TimerStatus {
  return { Last: last, Next: next, LastUpdated: last };
}
