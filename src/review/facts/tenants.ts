import { type Clock, isYoung } from '../../base/clock';
import { lower } from '../../base/compare';
import type { SubscriptionReader } from '../../connections/subscription-reader';

/** Tells which tenant owns a subscription, with few questions to ARM. */
export interface Tenants {
  /**
   * Resolves to the tenant of a subscription, as ARM told at most `maxAgeSeconds` ago (default: a day); a GUID in
   * lower case. `undefined` while ARM does not tell.
   * @throws ArmError, PosternError STORE_UNAVAILABLE
   */
  tenantOf(subscriptionId: string, maxAgeSeconds?: number): Promise<string | undefined>;
}

/** What ARM told about one subscription. */
export interface TenantReading {
  /** A GUID in lower case. */
  readonly tenantId: string;
  /** ISO 8601. */
  readonly readAt: string;
}

/** What ARM told about subscriptions, kept for all instances. A reading may be lost: it is then made again. */
export interface TenantMemory {
  /** Reads what is remembered of a subscription, whose id is in lower case. @throws PosternError STORE_UNAVAILABLE */
  load(subscriptionId: string): Promise<TenantReading | undefined>;
  /** @throws PosternError STORE_UNAVAILABLE */
  save(subscriptionId: string, reading: TenantReading): Promise<void>;
  /** Forgets readings from before `instant`, a thousand at most. @throws PosternError STORE_UNAVAILABLE */
  forgetBefore(instant: Date): Promise<void>;
}

/** The age of a reading at which it is made again. */
export const tenantMaxAgeSeconds = 24 * 60 * 60;
/** The same, for a reading on which an approval is sent: a subscription may have gone to another tenant. */
export const approvalMaxAgeSeconds = 60 * 60;
/** How long a subscription whose tenant ARM does not tell is not asked about again. */
const silenceSeconds = 15 * 60;
/** The most subscriptions that one instance remembers. */
const mostRemembered = 5_000;

interface Known {
  readonly tenantId: string | undefined;
  readonly readAt: string;
}

/** Creates the source of tenants: this process remembers, then all instances do, then ARM is asked. */
export function createTenants(ports: {
  readonly subscriptions: SubscriptionReader;
  readonly memory: TenantMemory;
  readonly clock: Clock;
}): Tenants {
  const { clock, memory, subscriptions } = ports;
  const known = new Map<string, Known>();
  const asked = new Map<string, Promise<string | undefined>>();

  function remember(id: string, reading: Known): string | undefined {
    known.delete(id);
    known.set(id, reading);
    const [oldest] = known.keys();
    if (known.size > mostRemembered && oldest !== undefined) known.delete(oldest);
    return reading.tenantId;
  }

  async function find(id: string, maxAgeSeconds: number): Promise<string | undefined> {
    const stored = await memory.load(id);
    if (stored !== undefined && isYoung(stored.readAt, maxAgeSeconds, clock.now()))
      return remember(id, stored);
    const tenantId = await subscriptions.readTenant(id);
    const readAt = clock.now().toISOString();
    if (tenantId !== undefined) await memory.save(id, { tenantId, readAt });
    return remember(id, { tenantId, readAt });
  }

  return {
    async tenantOf(subscriptionId, maxAgeSeconds = tenantMaxAgeSeconds) {
      const id = lower(subscriptionId);
      const here = known.get(id);
      const maxAge = here?.tenantId === undefined ? silenceSeconds : maxAgeSeconds;
      if (here !== undefined && isYoung(here.readAt, maxAge, clock.now())) return here.tenantId;
      // Many connections of one subscription are read at once, and cause one question.
      const question = `${id} ${maxAgeSeconds}`;
      const asking = asked.get(question) ?? find(id, maxAgeSeconds).finally(() => asked.delete(question));
      asked.set(question, asking);
      return asking;
    },
  };
}
