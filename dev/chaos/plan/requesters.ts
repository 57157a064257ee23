import { microsoftTenantId } from '../../azure';
import type { Requester, Status } from './expected-answers';

/** The behavior of one kind of requester. */
export interface Profile {
  readonly requester: Requester;
  /** The share of connections, in percent. */
  readonly share: number;
  readonly subscriptions: readonly string[];
  readonly start: Status;
  readonly endpointPrefix: string;
  readonly message: (number: number) => string;
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * The probability that it creates its endpoint again once its connection is gone, and the maximum number of
   * times.
   */
  readonly comesBack?: readonly [chance: number, times: number];
  /** The same for a contributor who approves again what was revoked. */
  readonly approvedAgain?: readonly [chance: number, times: number];
}

const landingZones = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
const contractors = ['77777777-7777-4777-8777-777777777777'];
const banned = ['66666666-6666-4666-8666-666666666666'];
export const foreign = ['99999999-9999-4999-8999-999999999999', '88888888-8888-4888-8888-888888888888'];
const microsofts = ['c1bc5dd7-ea97-469c-89fa-8f26624902fd'];

export const strangersTenantId = '5a5a5a5a-0000-4000-8000-000000000001';
export const partnersTenantId = '5a5a5a5a-0000-4000-8000-000000000002';

/** Ours, until they go to another tenant. */
export const movers = ['edededed-0000-4000-8000-000000000001'];
export const partners = ['abababab-0000-4000-8000-000000000001'];

/** Subscriptions of other tenants, by tenant. All others belong to the home tenant. */
export const foreignTenants: Readonly<Record<string, readonly string[]>> = {
  [strangersTenantId]: foreign,
  [partnersTenantId]: partners,
  [microsoftTenantId]: microsofts,
};

const order = (number: number): string => `Order ${number}`;
const pending = { start: 'Pending', endpointPrefix: 'pe', message: order } as const;

export const profiles: readonly Profile[] = [
  { ...pending, requester: 'trusted', share: 36, subscriptions: landingZones, comesBack: [0.5, 1] },
  { ...pending, requester: 'stranger', share: 12, subscriptions: foreign, message: () => '' },
  {
    ...pending,
    requester: 'asker',
    share: 6,
    subscriptions: foreign,
    message: (number) => `Please call us, case ${number}`,
  },
  {
    ...pending,
    requester: 'managed',
    share: 4,
    subscriptions: microsofts,
    message: () => 'Front Door Private Link request for the service',
  },
  {
    ...pending,
    requester: 'quarantined',
    share: 4,
    subscriptions: landingZones,
    tags: { quarantine: 'yes' },
  },
  { ...pending, requester: 'contractor', share: 12, subscriptions: contractors, comesBack: [0.5, 1] },
  { ...pending, requester: 'banned', share: 6, subscriptions: banned, approvedAgain: [0.5, 1] },
  {
    ...pending,
    requester: 'withdrawn',
    share: 6,
    subscriptions: landingZones,
    message: (number) => `withdrawn: order ${number}`,
    comesBack: [0.5, 1],
  },
  {
    ...pending,
    requester: 'leftover',
    share: 6,
    subscriptions: landingZones,
    start: 'Disconnected',
    endpointPrefix: 'pe-old',
  },
  {
    ...pending,
    requester: 'revoked',
    share: 5,
    subscriptions: banned,
    start: 'Approved',
    approvedAgain: [0.7, 2],
  },
  { ...pending, requester: 'approved', share: 3, subscriptions: landingZones, start: 'Approved' },
];
