import { RestError, type BlobServiceClient, type BlockBlobClient } from '@azure/storage-blob';
import { z } from 'zod';

/** When a timer ran and when it runs next: ISO 8601 with an offset. */
export interface TimerStatus {
  readonly Last: string;
  readonly Next: string;
  readonly LastUpdated: string;
}

/** Outlives the host, so that a run that was missed meanwhile is made up for. */
export interface TimerStatusStore {
  /** Undefined when the timer never ran here, or its record is unreadable. */
  read(functionName: string): Promise<TimerStatus | undefined>;
  write(functionName: string, status: TimerStatus): Promise<void>;
}

const instant = z.string().refine((text) => !Number.isNaN(Date.parse(text)));
const statusSchema = z.object({ Last: instant, Next: instant, LastUpdated: instant });

/** The host's own place for it: blob `timers/{hostId}/{timer}/status` in the container `azure-webjobs-hosts`. */
export class BlobTimerStatusStore implements TimerStatusStore {
  readonly #service: BlobServiceClient;
  readonly #hostId: string;

  constructor(options: { readonly service: BlobServiceClient; readonly hostId: string }) {
    this.#service = options.service;
    this.#hostId = options.hostId;
  }

  async read(functionName: string): Promise<TimerStatus | undefined> {
    try {
      const content = await this.#blob(functionName).downloadToBuffer();
      return statusSchema.parse(JSON.parse(content.toString('utf8')));
    } catch (error) {
      const isUnreadable = error instanceof SyntaxError || error instanceof z.ZodError;
      if (isUnreadable || (error instanceof RestError && error.statusCode === 404)) return undefined;
      throw error;
    }
  }

  async write(functionName: string, status: TimerStatus): Promise<void> {
    const content = Buffer.from(JSON.stringify(status));
    const blob = this.#blob(functionName);
    try {
      await blob.uploadData(content);
    } catch (error) {
      if (!(error instanceof RestError) || error.statusCode !== 404) throw error;
      await this.#service.getContainerClient(containerName).createIfNotExists();
      await blob.uploadData(content);
    }
  }

  #blob(functionName: string): BlockBlobClient {
    const path = `timers/${this.#hostId}/Host.Functions.${functionName}/status`;
    return this.#service.getContainerClient(containerName).getBlockBlobClient(path);
  }
}

const containerName = 'azure-webjobs-hosts';
