import { readFileSync, writeFileSync } from 'node:fs';

/** The resident memory of another process, as Linux reports it, in MB. */
export interface ResidentMemory {
  now(): number;
  /** Returns the maximum since the last `forget`. The kernel keeps it, so that no peak is missed. */
  peak(): number;
  forget(): void;
}

export function residentMemoryOf(pid: number): ResidentMemory {
  const read = (field: string): number => {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
    if (kilobytes === undefined) throw new Error(`Process ${pid} has no ${field}`);
    return Number(kilobytes) / 1024;
  };
  return {
    now: () => read('VmRSS'),
    peak: () => read('VmHWM'),
    // Documented in proc(5): resets the maximum to the present value.
    forget: () => writeFileSync(`/proc/${pid}/clear_refs`, '5'),
  };
}
