import type { RecordedOperation } from '../../src/operations/pace/recorded-durations';

export interface RecordedInteraction {
  readonly request: { readonly method: string; readonly url: string; readonly body: object | null };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: object | null;
  };
}

export interface Recording {
  readonly type: string;
  readonly terminal: readonly string[];
  readonly recorded: string;
  readonly interactions: readonly RecordedInteraction[];
}

export function observationsOfTimings(timings: readonly object[]): RecordedOperation[];
export function observationsOfRecording(recording: Recording): RecordedOperation[];
export function recentOnly(observations: readonly RecordedOperation[]): RecordedOperation[];
