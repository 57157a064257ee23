import { startHost } from '../../dev/host/start-host';
import type { HostOrder, HostStarted, HostRan, HostCommand } from './host-client';

type Host = Awaited<ReturnType<typeof startHost>>;
type LogLine = Parameters<NonNullable<Parameters<typeof startHost>[0]['onLog']>>[0];

/** Functions that were started by hand. Only their ends are reported. */
const byHand = new Set<string>();

/**
 * A process with the local Functions host, so that it takes no processor time from the local Azure. It ends
 * with its parent.
 */
process.once('message', (order: HostOrder) => void start(order));

async function start(order: HostOrder): Promise<void> {
  try {
    const host = await startHost({ ...order, port: 0, onLog });
    const close = (): void => void host.close().then(() => process.exit(0));
    process.on('message', (command: HostCommand) => {
      if (command.kind === 'close') close();
      else void run(host, command.name);
    });
    process.once('disconnect', close);
    const { url, systemKey, pid } = host;
    sendToParent({ kind: 'started', url, systemKey, workerPid: pid });
  } catch (error) {
    sendToParent({ kind: 'failed', problem: String(error) });
  }
}

function onLog({ level, category, function: name, message }: LogLine): void {
  if (level === 'error' || level === 'critical') process.stderr.write(`${level} ${name ?? ''} ${message}\n`);
  if (category !== 'host' || name === undefined || !byHand.has(name)) return;
  if (message === 'Succeeded.') ended(name);
  else if (message.startsWith('Failed: ')) ended(name, message);
}

async function run({ url, masterKey }: Host, name: string): Promise<void> {
  byHand.add(name);
  const headers = { 'x-functions-key': masterKey };
  try {
    const { status } = await fetch(`${url}/admin/functions/${name}`, { method: 'POST', headers });
    if (status !== 202) ended(name, `The host answered ${status}`);
  } catch (error) {
    ended(name, String(error));
  }
}

function ended(name: string, problem?: string): void {
  byHand.delete(name);
  sendToParent({ kind: 'ran', name, problem });
}

function sendToParent(message: HostStarted | HostRan): void {
  process.send?.(message);
}
