import * as z from 'zod';
import { anyList } from '../../base/bounded-list';
import { ArmError } from '../../base/errors';
import { parseJson } from './body';
import { malformed } from './connections/connection-body';
import type { ArmClient } from './client';
import { readAgain } from './retry-read';

/** Of up to a thousand items each. A list that goes on beyond this many is a loop. */
const maxPages = 100;

const pageSchema = z.object({ value: anyList(), nextLink: z.string().nullish() });

/**
 * The items of a list, page by page: one page is held at most, and the next one is read when this one is used up. A
 * `nextLink` off ARM's origin is not followed: ARM_UNTRUSTED_URL.
 */
export async function* listItems(client: ArmClient, url: string): AsyncGenerator {
  let next = url;
  for (let pages = 0; pages < maxPages; pages += 1) {
    const here = next;
    const isGiven = pages > 0;
    const reply = await readAgain(() => client.send({ method: 'GET', url: here, isGiven }));
    const page = pageSchema.safeParse(parseJson(reply.body));
    if (!page.success) throw malformed('The reply is no list', page.error);
    yield* page.data.value;
    if (!page.data.nextLink) return;
    next = page.data.nextLink;
  }
  throw new ArmError('ARM_UNREADABLE', `The list goes on beyond ${maxPages} pages`);
}
