import type { TokenCredential } from '@azure/core-auth';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { AzureMonitorLogExporter } from '@azure/monitor-opentelemetry-exporter';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import * as z from '../../base/schema/schema';
import type { AuditRecord } from '../../audit/audit-record';
import { boundedList } from '../../base/schema/bounded-list';
import { tryParseJson } from '../../base/json';
import { describeFailure } from '../storage/errors';
import { logRecordFrom } from './log-record';

export interface IngestionOptions {
  readonly connectionString: string;
  readonly credential?: TokenCredential | undefined;
  readonly certificateAuthorities?: string | undefined;
}

export interface Ingestion {
  /** Sends one batch; call it again only when it has resolved. Never rejects. */
  send(records: readonly AuditRecord[]): Promise<Delivery>;
}

export interface Delivery {
  /** The number of records that Application Insights accepted. */
  readonly accepted: number;
  /** The reason why not all were accepted, in a few words. */
  readonly problem: string;
}

const requestTimeoutMs = 4_000;

/** Loads the exporter, which takes some hundred milliseconds, and connects it to Application Insights. */
export async function openIngestion(options: IngestionOptions): Promise<Ingestion> {
  const [{ AzureMonitorLogExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@azure/monitor-opentelemetry-exporter'),
    import('@opentelemetry/resources'),
  ]);
  const recorder = createResponseRecorder();
  const { connectionString, credential, certificateAuthorities } = options;
  const exporter = new AzureMonitorLogExporter({
    connectionString,
    disableOfflineStorage: true,
    retryOptions: { maxRetries: 1, retryDelayInMs: 300, maxRetryDelayInMs: 1_000 },
    additionalPolicies: [{ policy: recorder.policy, position: 'perCall' }],
    ...(credential === undefined ? {} : { credential }),
    ...(certificateAuthorities === undefined ? {} : { tlsOptions: { ca: certificateAuthorities } }),
  });
  const resource = resourceFromAttributes({ 'service.name': 'postern' });
  return {
    async send(records) {
      recorder.forget();
      await exportAll(
        exporter,
        records.map((record) => logRecordFrom(record, resource)),
      );
      return recorder.delivery(records.length);
    },
  };
}

function exportAll(exporter: AzureMonitorLogExporter, records: ReadableLogRecord[]): Promise<void> {
  return new Promise((resolve, reject) => {
    exporter.export(records, () => resolve()).catch(reject);
  });
}

const replySchema = z.object({
  itemsAccepted: z.int().check(z.minimum(0)),
  errors: z.catch(z.nullish(boundedList(z.object({ message: z.string() }))), undefined),
});

/**
 * Creates a pipeline policy that records Application Insights' actual reply. The exporter hides it: without
 * its offline storage it reports success for everything that it would have stored to send later, even after
 * refused connections and 503.
 */
function createResponseRecorder() {
  let seen: { status: number; body: string } | { failure: string } = { failure: 'nothing was sent' };
  const policy: PipelinePolicy = {
    name: 'posternResponseRecorder',
    async sendRequest(request, next) {
      request.abortSignal ??= AbortSignal.timeout(requestTimeoutMs);
      try {
        const response = await next(request);
        seen = { status: response.status, body: response.bodyAsText ?? '' };
        return response;
      } catch (error) {
        seen = { failure: describeFailure(error) };
        throw error;
      }
    },
  };
  return {
    policy,
    forget: () => (seen = { failure: 'nothing was sent' }),
    delivery: (count: number): Delivery => {
      if ('failure' in seen) return { accepted: 0, problem: seen.failure };
      return deliveryFrom(seen, count);
    },
  };
}

/** Reads the reply. 200: all records were accepted; 206: some were, and the body says how many. */
function deliveryFrom({ status, body }: { status: number; body: string }, count: number): Delivery {
  const reply = replySchema.safeParse(tryParseJson(body)).data;
  const message = reply?.errors?.[0]?.message;
  const problem = `HTTP ${status}${message === undefined ? '' : ` ${message.slice(0, 200)}`}`;
  if (status !== 200 && status !== 206) return { accepted: 0, problem };
  return { accepted: reply?.itemsAccepted ?? (status === 200 ? count : 0), problem };
}
