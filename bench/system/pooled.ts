/** The number of events that are delivered at the same time: as many reviews as the host runs from a queue. */
export const eventsAtOnce = 24;

/** Does the work for every item, for at most `atOnce` of them at the same time. Rejects at the first failure. */
export async function pooled<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
