import type { TokenCredential } from '@azure/core-auth';
import type { Telemetry } from '../../audit/audit-log';
import type { AuditRecord } from '../../audit/audit-record';
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/logger';
import { withTimeout } from '../../base/timeout';
import { type Ingestion, type IngestionOptions, openIngestion } from './ingestion';

export interface TelemetryOptions {
  /** Application Insights' connection string; without one nothing is sent. */
  readonly connectionString: string | undefined;
  /** The credential to sign in with, instead of the instrumentation key alone. */
  readonly credential?: TokenCredential | undefined;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Certificate authorities (PEM) to trust instead of the usual ones, e.g. of a proxy. */
  readonly certificateAuthorities?: string | undefined;
  /** The timeout of one flush, in seconds. Default 5. */
  readonly flushSeconds?: number;
}

/**
 * Creates the telemetry to Application Insights, or to nothing without a connection string. Nothing is sent
 * or loaded before the first flush. `APPLICATION_INSIGHTS_NO_STATSBEAT` must be set in the environment,
 * otherwise the exporter sends statistics of its own.
 */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { connectionString } = options;
  if (connectionString === undefined) return { emit: () => undefined, flush: async () => undefined };
  return new AppInsightsTelemetry({ ...options, connectionString });
}

export interface AppInsightsTelemetryOptions extends IngestionOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly flushSeconds?: number;
}

const defaultFlushSeconds = 5;
const batchSize = 250;
/**
 * The maximum number of waiting records while Application Insights is unavailable; the oldest are dropped
 * first.
 */
const maxWaiting = 5_000;

/**
 * Sends audit records as custom events. One batch is sent at a time; records that were not accepted are
 * logged and dropped.
 */
export class AppInsightsTelemetry implements Telemetry {
  private waiting: AuditRecord[] = [];
  private ingestion: Promise<Ingestion> | undefined;
  private sending: Promise<void> | undefined;

  constructor(private readonly options: AppInsightsTelemetryOptions) {}

  emit(records: readonly AuditRecord[]): void {
    this.waiting.push(...records);
    const surplus = this.waiting.length - maxWaiting;
    if (surplus <= 0) return;
    this.waiting.splice(0, surplus);
    this.complain(surplus, 'too many were waiting');
  }

  async flush(): Promise<void> {
    if (this.waiting.length > 0) {
      this.sending ??= this.sendAll().finally(() => (this.sending = undefined));
    }
    if (this.sending === undefined) return;
    const seconds = this.options.flushSeconds ?? defaultFlushSeconds;
    const { sending } = this;
    const wait = { clock: this.options.clock, ms: seconds * 1000, late: false };
    const isSent = await withTimeout(wait, () => sending.then(() => true));
    if (isSent) return;
    this.options.logger.warn(`Application Insights has not answered within ${seconds} s`);
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0) await this.send(this.waiting.splice(0, batchSize));
  }

  private async send(records: readonly AuditRecord[]): Promise<void> {
    try {
      this.ingestion ??= openIngestion(this.options);
      const ingestion = await this.ingestion;
      const { accepted, problem } = await ingestion.send(records);
      if (accepted < records.length) this.complain(records.length - accepted, problem);
    } catch (error) {
      this.complain(records.length, error instanceof Error ? error.message : String(error));
    }
  }

  private complain(count: number, problem: string): void {
    this.options.logger.warn(`Application Insights did not take ${count} audit records: ${problem}`);
  }
}
