/**
 * A message that lies hidden in a queue. It is not an error if it has become visible and was deleted or
 * taken by another process.
 */
export interface HiddenMessage {
  /**
   * Hides the message for `seconds` from now on.
   * @throws PosternError STORE_UNAVAILABLE
   */
  hide(seconds: number): Promise<void>;
  /**
   * Deletes the message.
   * @throws PosternError STORE_UNAVAILABLE
   */
  remove(): Promise<void>;
}
