/** One run of one side: the app or the bare script. */
export interface SideRun {
  readonly connections: number;
  /** Seconds from the first hint to the last settled connection. */
  readonly seconds: number;
  /** Connections per second between the 10th and the 90th percentile. */
  readonly rate: number;
  /**
   * Milliseconds of processor time per connection: of the app or the script, of the host (the script is its
   * own), and of all processes, including Azurite and the local Azure. NaN if the system does not report it.
   */
  readonly processorMs: number;
  readonly hostProcessorMs: number;
  readonly allProcessorMs: number;
  /** ARM requests per connection, counted by the local Azure. */
  readonly armRequests: number;
  /** Storage operations per connection, without reads of queues that found no message. */
  readonly storageOperations: number;
}
