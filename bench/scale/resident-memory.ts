import { readFileSync, writeFileSync } from 'node:fs';

/** The memory of another process that is really in use, as Linux counts it, in MB. */
export interface ResidentMemory {
  now(): number;
  /** The most since the last `forget`: the kernel's own mark, so that nothing is missed between two looks. */
  peak(): number;
  forget(): void;
}

export function residentMemoryOf(pid: number): ResidentMemory {
  const read = (field: string): number => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
    if (kilobytes === undefined) throw new Error(`Process ${pid} tells of no ${field}`);
    return Number(kilobytes) / 1024;
  };
  return {
    now: () => read('VmRSS'),
    peak: () => read('VmHWM'),
    // Documented in proc(5): sets the mark back to what is in use now.
    forget: () => writeFileSync(`/proc/${pid}/clear_refs`, '5'),
  };
}
