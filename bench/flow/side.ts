/** One run of one side: the app, or the bare script. */
export interface SideRun {
  readonly connections: number;
  /** From the first hint to the last connection that was settled. */
  readonly seconds: number;
  /** Connections per second between the tenth and the ninetieth in a hundred. */
  readonly rate: number;
  /**
   * Milliseconds of processor time for a connection: of the app or the script, of the host (the script is its own), and of
   * all processes, Azurite and the local Azure among them. NaN where the system does not tell.
   */
  readonly processorMs: number;
  readonly hostProcessorMs: number;
  readonly allProcessorMs: number;
  /** Requests to ARM for a connection, as the local Azure counted them. */
  readonly armRequests: number;
  /** Storage operations for a connection, but for looks into queues that found nothing. */
  readonly storageOperations: number;
}
