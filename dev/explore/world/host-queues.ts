import type { HeldMessage, HostQueues } from '../host/worker';
import type { SimulatedAccount } from '../storage/account';

export interface HostQueuesOptions {
  readonly isAway: () => boolean;
  readonly onChange: (queue: string) => void;
  readonly onReceived?: ((queue: string, text: string) => void) | undefined;
}

/** Creates the hosts' own access to the queues of an account. */
export function createHostQueues(
  account: SimulatedAccount,
  { isAway, onChange, onReceived }: HostQueuesOptions,
): HostQueues {
  return {
    get isAway() {
      return isAway();
    },
    receive: (name, count, seconds) => {
      const queue = account.queue(name);
      if (queue.nextVisibleMs() === undefined) return [];
      return queue
        .receive({ count, visibilitySeconds: seconds })
        .map(({ messageId: id, text, dequeueCount, popReceipt: receipt }): HeldMessage => {
          onReceived?.(name, text);
          return { id, text, dequeueCount, receipt };
        });
    },
    put: (name, text) => {
      const queue = account.queue(name);
      queue.create();
      const { messageId } = queue.send(text, { lifetimeSeconds: -1 });
      onChange(name);
      return messageId;
    },
    hide: (name, message, visibilitySeconds) => {
      const isHeld = unlessLost(() => {
        const { popReceipt } = account.queue(name).update(message.id, message.receipt, {
          text: undefined,
          visibilitySeconds,
        });
        message.receipt = popReceipt;
      });
      onChange(name);
      return isHeld;
    },
    remove: (name, message) => unlessLost(() => account.queue(name).delete(message.id, message.receipt)),
    nextVisibleMs: (name) => account.queue(name).nextVisibleMs(),
  };
}

/** Runs `work`. Returns false if the message became visible and another host has it, or it is gone. */
function unlessLost(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error) return false;
    throw error;
  }
}
