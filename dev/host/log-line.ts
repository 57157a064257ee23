import type { LogLevel } from './worker/rpc';

/** One line of the host's log. `category` is the source; `console` is the app's own output. */
export interface HostLogLine {
  /** ISO 8601. */
  readonly time: string;
  readonly level: LogLevel;
  readonly category: 'host' | 'user' | 'system' | 'customMetric' | 'console';
  readonly function?: string;
  readonly invocationId?: string;
  readonly message: string;
}

/** Logs a line; the host adds the time. */
export type HostLog = (line: Omit<HostLogLine, 'time'>) => void;

/** Formats a line for a terminal. */
export function formatLogLine(line: HostLogLine): string {
  const who = line.function === undefined ? line.category : `${line.category} ${line.function}`;
  return `${line.time} ${line.level.padEnd(11)} [${who}] ${line.message}`;
}
