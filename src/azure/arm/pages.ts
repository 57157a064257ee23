import * as z from '../../base/schema/schema';
import { anyList } from '../../base/schema/bounded-list';
import { ArmError } from '../../base/errors';
import { parseJson } from './body';
import { malformed } from './connections/connection-body';
import type { ArmClient } from './client';
import { readAgain } from './retry-read';

/** The maximum number of pages, of up to a thousand items each. A longer list is a loop. */
const maxPages = 100;

const pageSchema = z.object({ value: anyList(), nextLink: z.nullish(z.string()) });

/**
 * Yields the items of a list. One page is held at a time, and the next one is read when it is used up.
 * @throws ArmError ARM_UNTRUSTED_URL for a `nextLink` off ARM's origin, which is not followed; ARM_UNREADABLE
 * for a body that is not a list, or a list without end.
 */
export async function* listItems(client: ArmClient, url: string): AsyncGenerator {
  let next = url;
  for (let pages = 0; pages < maxPages; pages += 1) {
    const here = next;
    const isGiven = pages > 0;
    const reply = await readAgain(() => client.send({ method: 'GET', url: here, isGiven }));
    const page = pageSchema.safeParse(parseJson(reply.body));
    if (!page.success) throw malformed('The reply is not a list', page.error);
    yield* page.data.value;
    if (!page.data.nextLink) return;
    next = page.data.nextLink;
  }
  throw new ArmError('ARM_UNREADABLE', `The list goes on beyond ${maxPages} pages`);
}
