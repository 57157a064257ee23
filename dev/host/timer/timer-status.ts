import { RestError, type BlobServiceClient, type BlockBlobClient } from '@azure/storage-blob';
import { z } from 'zod';

/** The last and next run of a timer, in ISO 8601 with an offset. */
export interface TimerStatus {
  readonly Last: string;
  readonly Next: string;
  readonly LastUpdated: string;
}

/** A store that outlives the host, so that a missed run is made up for. */
export interface TimerStatusStore {
  /** Reads a status; undefined if the timer has never run here, or its status is malformed. */
  read(functionName: string): Promise<TimerStatus | undefined>;
  write(functionName: string, status: TimerStatus): Promise<void>;
}

const instant = z.string().refine((text) => !Number.isNaN(Date.parse(text)));
const statusSchema = z.object({ Last: instant, Next: instant, LastUpdated: instant });

/**
 * Stores statuses where the real host does: blob `timers/{hostId}/{timer}/status` in the container
 * `azure-webjobs-hosts`.
 */
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
