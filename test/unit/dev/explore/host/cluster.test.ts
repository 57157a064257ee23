import { createRandom } from '../../../../../dev/azure/model/random';
import type { SimulatedContext } from '../../../../../dev/explore/app/worker';
import { Cluster } from '../../../../../dev/explore/host/cluster';
import type { HeldMessage, HostQueues } from '../../../../../dev/explore/host/worker';
import { createScheduler } from '../../../../../dev/explore/kernel/scheduler';

type Handler = (input: unknown, context: unknown) => Promise<unknown>;

function rig(handler: Handler, trigger: 'timer' | 'queue' | 'poison queue', messages: HeldMessage[] = []) {
  const scheduler = createScheduler(Date.UTC(2026, 0, 5), createRandom(1));
  const left: string[] = [];
  const queues: HostQueues = {
    isAway: false,
    receive: () => messages.splice(0),
    put: () => 'a copy',
    hide: () => true,
    remove: () => true,
    nextVisibleMs: () => (messages.length === 0 ? undefined : scheduler.nowMs()),
  };
  const cluster = new Cluster({
    scheduler,
    random: createRandom(2),
    trace: { note: () => undefined, digest: () => '', entries: [] },
    queues,
    functions: [
      {
        name: 'work',
        trigger:
          trigger === 'timer'
            ? { kind: 'timer', schedule: '0 * * * * *' }
            : { kind: 'queue', queueName: trigger === 'queue' ? 'outcomes' : 'reviews-poison' },
        handler,
      },
    ],
    onLeft: (id) => left.push(id),
    startWorker: (instance, number) => ({
      name: `${instance.name}.${number}`,
      isDead: false,
      awayUntilMs: 0,
      app: {} as SimulatedContext['app'],
    }),
    isWorthRunning: () => true,
    scheduleOf: (_name, registered) => registered,
  });
  const run = (seconds: number): Promise<void> => scheduler.run(scheduler.nowMs() + seconds * 1000);
  return { cluster, run, left };
}

test('a timer in work goes on after its worker crashes and its instance dies at once', async () => {
  let runs = 0;
  const { cluster, run } = rig(() => {
    runs += 1;
    return runs === 1 ? new Promise(() => undefined) : Promise.resolve();
  }, 'timer');
  const first = cluster.scaleOut();
  await run(61);
  expect(runs).toBe(1);
  first.crashWorker();
  first.kill();
  cluster.scaleOut();
  await run(180);
  expect(runs).toBeGreaterThan(1);
});

const last = (): HeldMessage => ({ id: 'm', text: '', dequeueCount: 5, receipt: 'r' });

test('a message of a poison queue whose worker ends at its last delivery is left to a person', async () => {
  const { cluster, run, left } = rig(() => new Promise(() => undefined), 'poison queue', [last()]);
  const instance = cluster.scaleOut();
  await run(10);
  instance.crashWorker();
  await run(10);
  expect(left).toEqual(['m']);
});

test('a message of a poison queue whose last delivery fails is not', async () => {
  const { cluster, run, left } = rig(() => Promise.reject(new Error('no')), 'poison queue', [last()]);
  cluster.scaleOut();
  await run(10);
  expect(left).toEqual([]);
});

test('a message whose worker ends at its last delivery is left to a person if nobody takes it from the poison queue', async () => {
  const { cluster, run, left } = rig(() => new Promise(() => undefined), 'queue', [last()]);
  const instance = cluster.scaleOut();
  await run(10);
  instance.crashWorker();
  await run(10);
  expect(left).toEqual(['a copy']);
});
