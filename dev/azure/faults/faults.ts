import type { Lie } from './lies';
import type { Random } from '../model/random';

/** What goes wrong, and when. All conditions that are given must hold. */
export interface FaultRule {
  readonly id?: string | undefined;
  /** A regular expression over the method, e.g. `PUT|DELETE`. */
  readonly method?: string | undefined;
  /** A regular expression over path and query, without case. */
  readonly path?: string | undefined;
  /** The object id of the caller; never true for a caller without a valid token. */
  readonly principal?: string | undefined;
  /** The id of a target: only what is asked of it or below it. */
  readonly target?: string | undefined;
  /** The id of a connection: only what is asked of it, not the list in which it stands. */
  readonly connection?: string | undefined;
  /** Only so long after the rule was added, in seconds of the local clock. */
  readonly forSeconds?: number | undefined;
  /** Rules of one group fire no more often than that about one target (or one endpoint). */
  readonly apart?: { readonly group: string; readonly seconds: number } | undefined;
  /** Only the n-th matching request (1 is the first). */
  readonly nth?: number | undefined;
  /** No more often than this. */
  readonly times?: number | undefined;
  /** From 0 to 1; drawn from the seed. */
  readonly probability?: number | undefined;
  readonly effect: FaultEffect;
}

export type FaultEffect =
  | StatusEffect
  | Lie
  /** The connection is cut before the request is read, or after its work was done. */
  | { readonly kind: 'reset'; readonly when: 'before' | 'after' }
  /** The reply comes late by this many seconds of the local clock; the work is done at once. */
  | { readonly kind: 'slow'; readonly seconds: number }
  /** The right reply without its body. */
  | { readonly kind: 'empty-body' }
  /** The right reply, cut off in the middle of its JSON. */
  | { readonly kind: 'malformed-body' }
  /** The right reply, made this much longer by a property nobody knows. */
  | { readonly kind: 'huge-body'; readonly bytes: number }
  /** Operation URLs in the reply point to another origin. */
  | { readonly kind: 'foreign-operation-url'; readonly origin: string }
  /** The operation that this write begins ends as failed. */
  | {
      readonly kind: 'operation-fails';
      readonly code?: string | undefined;
      readonly message?: string | undefined;
    }
  /** Once this write has taken effect, the rule begins: about the same connection, unless it names another. */
  | { readonly kind: 'afterwards'; readonly rule: FaultRule }
  /** The connection or the target that the path names disappears. */
  | { readonly kind: 'vanish'; readonly what: 'connection' | 'target'; readonly when: 'before' | 'after' };

/** A status instead of the right reply: before any work, or (`when: 'after'`) with the work done. */
export interface StatusEffect {
  readonly kind: 'status';
  readonly status: number;
  readonly when?: 'before' | 'after' | undefined;
  /** Sent as it is, in real seconds. */
  readonly retryAfterSeconds?: number | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  /** The body as text; absent: ARM's error envelope; `''`: none. */
  readonly body?: string | undefined;
}

export interface FiredFault {
  readonly id: string;
  readonly effect: FaultEffect;
}

/** What is known of a request before it is answered. Ids as ARM spells them. */
export interface FaultedRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly principal: string | undefined;
  readonly target?: string | undefined;
  readonly connection?: string | undefined;
}

export interface FaultPlan {
  readonly rules: readonly (FaultRule & { readonly id: string; readonly fired: number })[];
  /** Returns the rule's id. */
  add(rule: FaultRule): string;
  remove(id: string): boolean;
  clear(): void;
  /** The faults of one request, in the order of the rules. */
  draw(request: FaultedRequest): readonly FiredFault[];
}

interface ActiveRule {
  readonly id: string;
  readonly rule: FaultRule;
  readonly method: RegExp | undefined;
  readonly path: RegExp | undefined;
  readonly addedAtSeconds: number;
  matched: number;
  fired: number;
}

export interface FaultSources {
  readonly random: Random;
  /** Seconds of the local clock. */
  readonly seconds: () => number;
}

export function createFaultPlan(sources: FaultSources, initial: readonly FaultRule[] = []): FaultPlan {
  let active: ActiveRule[] = [];
  let added = 0;
  const lastFired = new Map<string, number>();

  function add(rule: FaultRule): string {
    added += 1;
    const id = rule.id ?? `fault-${added}`;
    active.push({
      id,
      rule,
      method: rule.method === undefined ? undefined : new RegExp(`^(?:${rule.method})$`, 'i'),
      path: rule.path === undefined ? undefined : new RegExp(rule.path, 'i'),
      addedAtSeconds: sources.seconds(),
      matched: 0,
      fired: 0,
    });
    return id;
  }

  for (const rule of initial) add(rule);
  return {
    get rules() {
      return active.map(({ id, rule, fired }) => ({ ...rule, id, fired }));
    },
    add,
    remove: (id) => {
      const before = active.length;
      active = active.filter((each) => each.id !== id);
      return active.length < before;
    },
    clear: () => {
      active = [];
    },
    draw: (request) =>
      active
        .filter((each) => fires(each, request, { ...sources, lastFired }))
        .map(({ id, rule }) => ({ id, effect: rule.effect })),
  };
}

type Drawing = FaultSources & { readonly lastFired: Map<string, number> };

function fires(active: ActiveRule, request: FaultedRequest, drawing: Drawing): boolean {
  const { rule } = active;
  if (!concerns(active, request)) return false;
  active.matched += 1;
  if (rule.nth !== undefined && rule.nth !== active.matched) return false;
  if (rule.times !== undefined && active.fired >= rule.times) return false;
  if (rule.forSeconds !== undefined && drawing.seconds() >= active.addedAtSeconds + rule.forSeconds)
    return false;
  if (rule.probability !== undefined && drawing.random.next() >= rule.probability) return false;
  if (!isApart(rule, request, drawing)) return false;
  active.fired += 1;
  return true;
}

function concerns({ rule, method, path }: ActiveRule, request: FaultedRequest): boolean {
  if (method?.test(request.method) === false) return false;
  if (path?.test(request.path) === false) return false;
  if (rule.principal !== undefined && rule.principal !== request.principal) return false;
  return isNamed(rule.target, request.target) && isNamed(rule.connection, request.connection);
}

function isNamed(wanted: string | undefined, id: string | undefined): boolean {
  return wanted === undefined || wanted.toLowerCase() === id?.toLowerCase();
}

function isApart({ apart }: FaultRule, request: FaultedRequest, { seconds, lastFired }: Drawing): boolean {
  if (apart === undefined) return true;
  const about = request.target ?? request.path.replace(/\?.*/, '');
  const key = `${apart.group} ${about.toLowerCase()}`;
  const now = seconds();
  if (now - (lastFired.get(key) ?? -Infinity) < apart.seconds) return false;
  lastFired.set(key, now);
  return true;
}
