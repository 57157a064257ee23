import { cpus, loadavg, totalmem } from 'node:os';

/** Returns the machine and the Node.js version in a few words. */
export function machineName(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}, ${memory} GiB, Node ${process.versions.node}`;
}

/** Returns the average number of processes that wanted a processor in the last minute. */
export function machineLoad(): number {
  return loadavg()[0] ?? NaN;
}
