import type { Random } from '../model/random';
import type { FaultRule, FiredFault } from './fault-rule';

/** A request before it is answered. Ids are in ARM's spelling. */
export interface FaultedRequest {
  readonly method: string;
  /** The path with its query. */
  readonly path: string;
  readonly principal: string | undefined;
  readonly target?: string | undefined;
  readonly connection?: string | undefined;
}

export interface FaultPlan {
  readonly rules: readonly (FaultRule & { readonly id: string; readonly fired: number })[];
  /** Adds a rule and returns its id. */
  add(rule: FaultRule): string;
  remove(id: string): boolean;
  clear(): void;
  /** Draws the faults of one request, in the order of the rules. */
  draw(request: FaultedRequest): readonly FiredFault[];
}

interface ActiveRule {
  readonly id: string;
  readonly rule: FaultRule;
  readonly method: RegExp | undefined;
  readonly path: RegExp | undefined;
  /** In lower case. */
  readonly target: string | undefined;
  readonly connection: string | undefined;
  readonly addedAtSeconds: number;
  matched: number;
  fired: number;
}

export interface FaultSources {
  readonly random: Random;
  /** Returns the time of the local clock, in seconds. */
  readonly seconds: () => number;
}

export function createFaultPlan(sources: FaultSources, initial: readonly FaultRule[] = []): FaultPlan {
  let active: ActiveRule[] = [];
  let added = 0;
  const lastFired: Fired = new Map();
  const drawing: Drawing = { ...sources, lastFired };

  function add(rule: FaultRule): string {
    added += 1;
    const id = rule.id ?? `fault-${added}`;
    active.push({
      id,
      rule,
      method: rule.method === undefined ? undefined : new RegExp(`^(?:${rule.method})$`, 'i'),
      path: rule.path === undefined ? undefined : new RegExp(rule.path, 'i'),
      target: rule.target?.toLowerCase(),
      connection: rule.connection?.toLowerCase(),
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
    draw: (request) => {
      const fired = active
        .filter((each) => fires(each, request, drawing))
        .map(({ id, rule }) => ({ id, effect: rule.effect }));
      if (fired.length === 0 && request.method.toUpperCase() === 'GET') countRead(request, lastFired);
      return fired;
    },
  };
}

/** When a group last fired about something, and how often that was read without a fault since. */
interface LastFired {
  readonly atSeconds: number;
  readonly reads: number;
}

/** By what the requests were about, and by group. */
type Fired = Map<string, Map<string, LastFired>>;

type Drawing = FaultSources & { readonly lastFired: Fired };

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

function concerns({ rule, method, path, target, connection }: ActiveRule, request: FaultedRequest): boolean {
  if (rule.principal !== undefined && rule.principal !== request.principal) return false;
  if (!isNamed(target, request.target) || !isNamed(connection, request.connection)) return false;
  return method?.test(request.method) !== false && path?.test(request.path) !== false;
}

function isNamed(wanted: string | undefined, id: string | undefined): boolean {
  return wanted === undefined || wanted === id?.toLowerCase();
}

function isApart({ apart }: FaultRule, request: FaultedRequest, { seconds, lastFired }: Drawing): boolean {
  if (apart === undefined) return true;
  const subject = subjectOf(request);
  const now = seconds();
  const groups = lastFired.get(subject) ?? new Map<string, LastFired>();
  const last = groups.get(apart.group);
  if (last !== undefined && (now - last.atSeconds < apart.seconds || last.reads < (apart.reads ?? 0)))
    return false;
  lastFired.set(subject, groups.set(apart.group, { atSeconds: now, reads: 0 }));
  return true;
}

function countRead(request: FaultedRequest, lastFired: Fired): void {
  const groups = lastFired.get(subjectOf(request));
  for (const [group, last] of groups ?? []) groups?.set(group, { ...last, reads: last.reads + 1 });
}

/** Returns what a request is about: its target, or its path. */
function subjectOf({ target, path }: FaultedRequest): string {
  return (target ?? path.replace(/\?.*/, '')).toLowerCase();
}
