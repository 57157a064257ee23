import { failureOf } from '../../../../src/azure/storage/errors';
import type { StorageClients } from '../../../../src/azure/storage/clients';

/** A storage account that plays sequences. */
export interface TestedAccount {
  readonly clients: StorageClients;
  /**
   * Resolves when the account's clock shows another millisecond, so that no two steps happen at the same
   * instant.
   */
  tick(): Promise<void>;
  /** Resolves when that much time has passed for the account. */
  wait(seconds: number): Promise<void>;
}

/** The service made an id that it had made before, so that a stale one would be taken for the present one. */
export class RepeatedId extends Error {}

/** Names ids, which differ from account to account, by the order in which the account gave them out. */
export class Labels {
  private readonly labels = new Map<string, string>();

  /** Names an id that the account has just made. @throws RepeatedId */
  made(id: string | undefined): string {
    if (id === undefined) return 'none';
    if (this.labels.has(id)) throw new RepeatedId(id);
    const label = `#${this.labels.size + 1}`;
    this.labels.set(id, label);
    return label;
  }

  /** Names an id that the account made before. */
  known(id: string | undefined): string {
    return id === undefined ? 'none' : (this.labels.get(id) ?? 'unknown');
  }
}

/** Returns what a call resolved to, or how the app sees its failure. @throws RepeatedId */
export async function outcomeOf(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return { value: await call() };
  } catch (error) {
    if (error instanceof RepeatedId) throw error;
    const { name, message, code: ownCode } = error as Error & { code?: string };
    const action = /^\d+(?=:)/.exec(message)?.[0];
    return { failed: name, ownCode, ...failureOf(error), ...(action === undefined ? {} : { action }) };
  }
}

/** Plays a sequence anew if the account happened to make an id twice: Azurite's receipts are short. */
export async function withoutRepeatedId<T>(play: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await play();
    } catch (error) {
      if (!(error instanceof RepeatedId)) throw error;
    }
  }
}
