import { Session, type Debugger, type InspectorNotification } from 'node:inspector';
import { pathToFileURL } from 'node:url';
import { AppRegistry } from '../../dev/host/worker/core';
import { invoke } from '../../dev/host/worker/invoke';
import { loadApp } from '../../dev/host/worker/load-app';
import type { ColdFiles, ColdMeasurement, ColdOrder, Stage } from './measurement';

/** Loads one app in this fresh process as the worker does, invokes it once and returns the times. */
async function probe({ appDirectory, onDemand }: ColdOrder): Promise<ColdMeasurement> {
  const app = new AppRegistry(() => undefined);
  const before = residentMiB();
  const entry = await stage(() => loadApp(app, { appDirectory, hostVersion: '4.0.0' }));
  const invocation = await stage(() => firstInvocation(app));
  const rest = await stage(async () => {
    for (const specifier of onDemand) await import(specifier);
  });
  return { before, entry, invocation, rest };
}

/** Lists the app's files that are loaded until the end of its first invocation. */
async function list({ appDirectory }: ColdOrder): Promise<ColdFiles> {
  const app = new AppRegistry(() => undefined);
  const files: string[] = [];
  const ours = `${pathToFileURL(appDirectory).href}/`;
  const session = new Session();
  session.connect();
  session.on(
    'Debugger.scriptParsed',
    ({ params: { url } }: InspectorNotification<Debugger.ScriptParsedEventDataType>) => {
      if (url.startsWith(ours)) files.push(url);
    },
  );
  session.post('Debugger.enable');
  // The probe itself has been parsed by now, and may be below the same folder.
  files.splice(0);
  await loadApp(app, { appDirectory, hostVersion: '4.0.0' });
  await firstInvocation(app);
  return { files };
}

/** Invokes the app with an event that names nothing: the app is composed, but makes no requests. */
async function firstInvocation(app: AppRegistry): Promise<void> {
  const { bindings } = app.functions.get('onresourceevent')?.metadata ?? { bindings: {} };
  const [trigger = ''] = Object.keys(bindings);
  await invoke(app, 'onResourceEvent', {
    invocationId: '1',
    functionId: '1',
    inputData: [{ name: trigger, data: { json: '{}' } }],
    triggerMetadata: {},
    traceContext: {
      traceParent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      traceState: '',
      attributes: {},
    },
  });
}

async function stage(work: () => Promise<unknown>): Promise<Stage> {
  const processor = process.cpuUsage();
  const started = performance.now();
  await work();
  const milliseconds = performance.now() - started;
  const { user, system } = process.cpuUsage(processor);
  return { milliseconds, processorMilliseconds: (user + system) / 1000, residentMiB: residentMiB() };
}

function residentMiB(): number {
  return process.memoryUsage.rss() / 2 ** 20;
}

const order = JSON.parse(process.argv[2] ?? '') as ColdOrder;
const result = await (order.what === 'files' ? list(order) : probe(order));
process.stdout.write(JSON.stringify(result), () => process.exit(0));
