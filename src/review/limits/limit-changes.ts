import { PosternError } from '../../base/errors';
import type { LimitedKind } from '../../policy/policy';
import type { LimitState, LimitStore } from './limit-store';

const mostTries = 8;

/**
 * Changes a limit's state, again from the start when another instance was faster. Resolves to what the last `change` said.
 * @throws PosternError STORE_CONFLICT when others are always faster.
 */
export async function saveWithRetry<T>(
  limits: LimitStore,
  kind: LimitedKind,
  change: (state: LimitState) => { readonly state: LimitState; readonly result: T },
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const before = await limits.load(kind);
    const { state, result } = change(before);
    if (state === before) return result;
    try {
      await limits.save(kind, state);
      return result;
    } catch (error) {
      const isConflict = error instanceof PosternError && error.code === 'STORE_CONFLICT';
      if (!isConflict || tries === mostTries) throw error;
    }
  }
}
