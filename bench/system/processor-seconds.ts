import { readFileSync } from 'node:fs';

/** The value on Linux. */
const ticksPerSecond = 100;

/**
 * Returns the processor time of a process so far, in seconds. NaN if the system does not report it (Linux
 * does), or the process is gone.
 */
export function processorSeconds(pid: number): number {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return NaN;
  }
  // The name is in parentheses and may contain anything. User and system time are the 12th and 13th field
  // after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
