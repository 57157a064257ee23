import type { DecisionSource, ReportDecision, ReportRow, ReportVerdict } from '../src/report/row';

/** Returns the last part of an ARM id, its name. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** Returns the resource group of an ARM id; `''` if it has none. */
export function groupOf(id: string): string {
  const [, group = ''] = /^\/subscriptions\/[^/]*\/resourceGroups\/([^/]*)/i.exec(id) ?? [];
  return group;
}

/** Returns the name of what asks: our own resource where it is known, otherwise the endpoint. */
export function requesterText({ requester, endpoint }: ReportRow): string | undefined {
  const id = requester?.id ?? endpoint?.id;
  return id === undefined ? undefined : nameOf(id);
}

/** Whose each kind of tenant is. */
export const tenantWords = { own: 'own tenant', microsoft: 'Microsoft', other: 'other tenant' } as const;

/** Returns whose the endpoint's tenant is, in words; `undefined` without an endpoint. */
export function tenantText({ endpoint }: ReportRow): string | undefined {
  if (endpoint === undefined) return undefined;
  return endpoint.tenant === undefined ? 'unknown' : tenantWords[endpoint.tenant];
}

/** Who each source of a decision is, in words. */
export const sourceWords: Readonly<Record<DecisionSource, string>> = {
  rule: 'policy',
  person: 'person, in Postern',
  elsewhere: 'outside Postern',
  none: 'nobody',
  unknown: 'unknown',
};

/** Returns who decided, in words. */
export function sourceText({ source, by, rules = [] }: ReportDecision): string {
  if (source === 'person' && by !== undefined) return by;
  if (source === 'rule' && rules.length > 0) return rules.join(', ');
  return sourceWords[source];
}

const effectWords: Readonly<Record<ReportVerdict['effect'], string>> = {
  approve: 'approve',
  reject: 'reject',
  delete: 'delete',
  hold: 'hold',
  none: 'nothing',
};

/** Returns what today's policy would answer to the request, or does with what is no request any more. */
export function policyText({ policy }: ReportRow): string | undefined {
  const verdict = policy?.asRequest ?? policy?.now;
  return verdict && effectWords[verdict.effect];
}

/** Returns an instant as a day and a time in UTC. */
export function utc(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Returns the time between an instant and `now` in whole days, or hours within two days. */
export function ageText(since: string, now: Date): string {
  const ms = now.getTime() - Date.parse(since);
  if (ms < 0) return 'in the future';
  const days = Math.floor(ms / dayMs);
  if (days >= 2) return `${days.toLocaleString('en-US')} days`;
  const hours = Math.floor(ms / 3_600_000);
  return hours === 1 ? '1 hour' : `${hours} hours`;
}
