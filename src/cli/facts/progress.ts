import type { CliHost } from '../cli-host';
import { counted } from '../output';

/** Passes items on, and shows how many there were once a second, if somebody watches. */
export async function* withProgress<Item>(
  { clock, showProgress }: Pick<CliHost, 'clock' | 'showProgress'>,
  items: AsyncIterable<Item>,
): AsyncGenerator<Item> {
  if (showProgress === undefined) {
    yield* items;
    return;
  }
  let count = 0;
  let shownAt = clock.now();
  await showProgress('reading connections …');
  try {
    for await (const item of items) {
      count += 1;
      const now = clock.now();
      if (now.getTime() - shownAt.getTime() >= 1_000) {
        shownAt = now;
        await showProgress(`${counted(count, 'connection')} …`);
      }
      yield item;
    }
  } finally {
    await showProgress('');
  }
}
