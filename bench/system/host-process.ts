import { startHost } from '../../dev/host/start-host';
import type { HostOrder, HostStarted } from './host-client';

/** A process with the local Functions host in it, so that it takes no time from the local Azure. It ends with its parent. */
process.once('message', (order: HostOrder) => void start(order));

async function start(order: HostOrder): Promise<void> {
  try {
    const host = await startHost({
      ...order,
      port: 0,
      onLog: ({ level, function: name, message }) => {
        if (level === 'error' || level === 'critical')
          process.stderr.write(`${level} ${name ?? ''} ${message}\n`);
      },
    });
    const close = (): void => void host.close().then(() => process.exit(0));
    process.once('message', close);
    process.once('disconnect', close);
    const { url, systemKey, pid } = host;
    tell({ kind: 'started', url, systemKey, workerPid: pid });
  } catch (error) {
    tell({ kind: 'failed', problem: String(error) });
  }
}

function tell(message: HostStarted): void {
  process.send?.(message);
}
