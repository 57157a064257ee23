import { localTenantId, type LocalReply, type LocalRequest } from '../../azure';
import { governedList } from '../../chaos/plan/governed';

/** A snapshot of the managed list as the app has stored it, and while it was in force. */
interface Stored {
  readonly entries: ReadonlySet<string>;
  readonly readAtMs: number;
  readonly fromMs: number;
  untilMs: number;
}

/** The `maxAge` of the list in the policy. */
const maxAgeMs = 3_600_000;

/**
 * Knows what Resource Graph has shown about the managed list, and what the app has stored of it. Only what was shown
 * completely may be stored, and only what is stored and young may admit somebody.
 */
export class ListLaw {
  /** The members of each complete listing that was shown to some worker, as a text. */
  readonly #shown = new Set<string>();
  readonly #stored: Stored[] = [];

  constructor(
    private readonly nowMs: () => number,
    /** How long an earlier snapshot may still be in hand, and how far clocks may be apart. */
    private readonly tolerance: { readonly lagMs: number; readonly clockMs: number },
  ) {}

  /** Notes a reply of Resource Graph to a query for subscriptions. */
  onReply(request: LocalRequest, reply: LocalReply): void {
    if (request.method !== 'POST' || reply.kind === 'reset' || reply.status !== 200) return;
    if (!/resourcegraph/i.test(request.url)) return;
    if (!/microsoft\.resources\/subscriptions'/i.test(Buffer.from(request.body).toString('utf8'))) return;
    const members = membersIn(reply.body);
    if (members !== undefined) this.#shown.add(textOf(members));
  }

  /** Judges the row of the list. Returns what is wrong with it. */
  onRow(row: Readonly<Record<string, unknown>>): string | undefined {
    if (row['partitionKey'] !== 'lists' || row['rowKey'] !== governedList.name) return undefined;
    const { snapshot, snapshotEntries } = row;
    const now = this.nowMs();
    const last = this.#stored.at(-1);
    if (last !== undefined) last.untilMs = Math.min(last.untilMs, now);
    if (typeof snapshot !== 'string' || typeof snapshotEntries !== 'string') return undefined;
    const entries = snapshotEntries.split(',').filter((entry) => entry !== '');
    const { readAt } = JSON.parse(snapshot) as { readonly readAt: string };
    this.#stored.push({
      entries: new Set(entries),
      readAtMs: Date.parse(readAt),
      fromMs: now,
      untilMs: Infinity,
    });
    if (entries.length === 0) return 'an empty list was taken, which nobody has accepted';
    if (this.#shown.has(textOf(entries))) return undefined;
    return `the list was taken with ${entries.length} entries, which no complete listing has shown`;
  }

  /** Tells whether an approval may go by the list. */
  admits(endpointId: string): boolean {
    const subscriptionId = endpointId.split('/')[2]?.toLowerCase() ?? '';
    const now = this.nowMs();
    const { lagMs, clockMs } = this.tolerance;
    return this.#stored.some(
      ({ entries, readAtMs, untilMs }) =>
        entries.has(subscriptionId) && untilMs > now - lagMs && now - readAtMs <= maxAgeMs + clockMs,
    );
  }
}

interface SubscriptionRow {
  readonly subscriptionId: string;
  readonly tenantId: string;
  readonly groups: string;
  readonly tags: string;
}

/** Returns the subscriptions on the list; `undefined` if the listing is not whole. */
function membersIn(body: string): readonly string[] | undefined {
  const { data, $skipToken } = parsed(body);
  if (data === undefined || $skipToken !== undefined) return undefined;
  const [tag] = Object.entries(governedList.tag);
  const members: string[] = [];
  for (const { subscriptionId, tenantId, groups, tags } of data) {
    const own = JSON.parse(tags === '' ? '{}' : tags) as Readonly<Record<string, unknown>>;
    if (Object.values(own).some((value) => typeof value !== 'string')) return undefined;
    const above = JSON.parse(groups) as readonly { readonly name: string }[];
    const isBelow = above.some(({ name }) => name === governedList.group);
    if (isBelow && tenantId === localTenantId && tag !== undefined && own[tag[0]] === tag[1])
      members.push(subscriptionId.toLowerCase());
  }
  return members;
}

function parsed(body: string): { readonly data?: readonly SubscriptionRow[]; readonly $skipToken?: string } {
  try {
    return JSON.parse(body) as { readonly data?: readonly SubscriptionRow[] };
  } catch {
    return {};
  }
}

function textOf(members: Iterable<string>): string {
  return [...members].toSorted().join();
}
