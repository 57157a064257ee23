import { cpus, loadavg, totalmem } from 'node:os';

/** The machine and the Node.js that everything runs on, in a few words. */
export function machineName(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown'}, ${memory} GiB, Node ${process.versions.node}`;
}

/** Processes that wanted a processor in the last minute, on average. */
export function machineLoad(): number {
  return loadavg()[0] ?? NaN;
}
