import { readFileSync } from 'node:fs';

/** Linux's, on all machines that matter. */
const ticksPerSecond = 100;

/** Processor time that a process has used so far, in seconds. NaN where the system does not tell (Linux does), or it is gone. */
export function processorSeconds(pid: number): number {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return NaN;
  }
  // The name stands in brackets and may hold anything; user and system time are the 12th and 13th field behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
