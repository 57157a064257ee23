/** The reasons why the local host cannot start or continue. The error's message lists every problem. */
export type HostErrorCode =
  | 'HOST_APP_INVALID'
  | 'HOST_BINDING_INVALID'
  | 'HOST_JSON_INVALID'
  | 'HOST_PORT_BUSY'
  | 'HOST_SETTINGS_INVALID'
  | 'HOST_STORAGE_UNREACHABLE'
  | 'HOST_WORKER_GONE'
  | 'HOST_INVOCATION_FAILED';

export class HostError extends Error {
  readonly code: HostErrorCode;

  constructor(code: HostErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'HostError';
    this.code = code;
  }
}

/** Returns the message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
