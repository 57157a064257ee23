import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A row of docs/reliability-crashes.md. */
export interface CrashRow {
  /** The last step before the crash, as `trigger: step`. */
  readonly point: string;
  readonly durable: string;
  readonly next: string;
  /** The ways that recover from this crash alone. */
  readonly recoveries: readonly string[];
}

const document = join(__dirname, '../../../docs/reliability-crashes.md');

/** Returns every row whose first cell is a point in backticks. */
export function crashRows(): CrashRow[] {
  return readFileSync(document, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const cells = line.split('|').map((cell) => cell.trim());
      const point = /^`(.+: .+)`$/.exec(cells[1] ?? '')?.[1];
      const [, , durable, next, recoveries] = cells;
      if (point === undefined || durable === undefined || next === undefined || recoveries === undefined)
        return [];
      return [{ point, durable, next, recoveries: recoveries.split(', ') }];
    });
}
