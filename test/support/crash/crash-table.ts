import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A row of docs/reliability-crashes.md. */
export interface CrashRow {
  /** `trigger: step`, the last one before the process died. */
  readonly point: string;
  readonly durable: string;
  readonly next: string;
  /** What alone makes up for the death. */
  readonly recoveries: readonly string[];
}

const document = join(__dirname, '../../../docs/reliability-crashes.md');

/** Every row whose first cell is a point in backticks. */
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
