import type { Random } from './random';

/** What goes wrong, and when. All conditions that are given must hold. */
export interface FaultRule {
  readonly id?: string | undefined;
  /** A regular expression over the method, e.g. `PUT|DELETE`. */
  readonly method?: string | undefined;
  /** A regular expression over path and query, without case. */
  readonly path?: string | undefined;
  /** The object id of the caller; never true for a caller without a valid token. */
  readonly principal?: string | undefined;
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

export interface FaultPlan {
  readonly rules: readonly (FaultRule & { readonly id: string; readonly fired: number })[];
  /** Returns the rule's id. */
  add(rule: FaultRule): string;
  remove(id: string): boolean;
  clear(): void;
  /** The faults of one request, in the order of the rules. */
  draw(request: { method: string; path: string; principal: string | undefined }): readonly FiredFault[];
}

interface ActiveRule {
  readonly id: string;
  readonly rule: FaultRule;
  readonly method: RegExp | undefined;
  readonly path: RegExp | undefined;
  matched: number;
  fired: number;
}

export function createFaultPlan(random: Random, initial: readonly FaultRule[] = []): FaultPlan {
  let active: ActiveRule[] = [];
  let added = 0;

  function add(rule: FaultRule): string {
    added += 1;
    const id = rule.id ?? `fault-${added}`;
    active.push({
      id,
      rule,
      method: rule.method === undefined ? undefined : new RegExp(`^(?:${rule.method})$`, 'i'),
      path: rule.path === undefined ? undefined : new RegExp(rule.path, 'i'),
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
        .filter((each) => fires(each, request, random))
        .map(({ id, rule }) => ({ id, effect: rule.effect })),
  };
}

function fires(
  active: ActiveRule,
  request: { method: string; path: string; principal: string | undefined },
  random: Random,
): boolean {
  const { rule } = active;
  if (active.method?.test(request.method) === false) return false;
  if (active.path?.test(request.path) === false) return false;
  if (rule.principal !== undefined && rule.principal !== request.principal) return false;
  active.matched += 1;
  if (rule.nth !== undefined && rule.nth !== active.matched) return false;
  if (rule.times !== undefined && active.fired >= rule.times) return false;
  if (rule.probability !== undefined && random.next() >= rule.probability) return false;
  active.fired += 1;
  return true;
}
