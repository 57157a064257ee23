/** Writes one line for a person who reads logs. `InvocationContext` and `console` both fit. */
export interface Logger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
