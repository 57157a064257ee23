import type { TokenCredential } from '@azure/core-auth';
import type { Telemetry } from '../../audit/audit-log';
import type { Logger } from '../../base/logger';
import { AppInsightsTelemetry } from './telemetry-app-insights';

export interface TelemetryOptions {
  /** Application Insights' connection string; without one nothing is sent. */
  readonly connectionString: string | undefined;
  /** To sign in with an identity instead of the instrumentation key alone. */
  readonly credential?: TokenCredential | undefined;
  readonly logger: Logger;
  /** Certificate authorities (PEM) to trust instead of the usual ones, e.g. of a proxy. */
  readonly certificateAuthorities?: string | undefined;
  /** How long one flush may take. */
  readonly flushSeconds?: number;
}

/**
 * Application Insights, or nothing where no connection string is set. Sends and loads nothing before the first flush.
 * `APPLICATION_INSIGHTS_NO_STATSBEAT` must be set in the environment, else the exporter sends statistics of its own.
 */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { connectionString } = options;
  if (connectionString === undefined) return { emit: () => undefined, flush: async () => undefined };
  return new AppInsightsTelemetry({ ...options, connectionString });
}
