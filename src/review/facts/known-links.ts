import { type Clock, isYoung } from '../../base/clock';
import type { ManagedEndpointReader } from '../../connections/managed-endpoint-reader';

/**
 * How long lists of links are kept: shorter than the time between two findings, so that a proof never
 * rests on one reading of them. The state of a link is always read anew.
 */
export const linksMaxAgeSeconds = 120;

/** Wraps a reader, so that all reviews within two minutes share its lists. What failed is not kept. */
export function createKnownLinks(reader: ManagedEndpointReader, clock: Clock): ManagedEndpointReader {
  return {
    findNamed: (names, tenantId) => reader.findNamed(names, tenantId),
    read: (link) => reader.read(link),
    listIndexed: remembered(clock, (tenantId) => reader.listIndexed(tenantId)),
    listOthers: remembered(clock, (tenantId) => reader.listOthers(tenantId)),
  };
}

/** The most tenants that are remembered: targets are in one, or few. */
const mostTenants = 10;

function remembered<T>(
  clock: Clock,
  read: (tenantId: string) => Promise<T>,
): (tenantId: string) => Promise<T> {
  const known = new Map<string, { readonly readAt: string; readonly list: Promise<T> }>();
  return (tenantId) => {
    const here = known.get(tenantId);
    if (here !== undefined && isYoung(here.readAt, linksMaxAgeSeconds, clock.now())) return here.list;
    const list = read(tenantId);
    known.delete(tenantId);
    known.set(tenantId, { readAt: clock.now().toISOString(), list });
    const [oldest] = known.keys();
    if (known.size > mostTenants && oldest !== undefined) known.delete(oldest);
    list.catch(() => {
      if (known.get(tenantId)?.list === list) known.delete(tenantId);
    });
    return list;
  };
}
