import { lower } from '../base/compare';

/** The resource types whose connections Postern answers, in ARM's own spelling. */
export const targetTypes = [
  'Microsoft.KeyVault/vaults',
  'Microsoft.KeyVault/managedHSMs',
  'Microsoft.ApiManagement/service',
  'Microsoft.Compute/diskAccesses',
] as const;

export type TargetType = (typeof targetTypes)[number];

/** What the use cases must know about a resource provider. The figures are from recorded traffic. */
export interface TargetProfile {
  /** The product name. */
  readonly label: string;
  /** The shortest time from one poll to the next. */
  readonly pollFloorSeconds: number;
  /** The age at which an unfinished operation is given up as expired. */
  readonly deadlineSeconds: number;
  /** The delay of the first poll after a write: no recorded operation has ended sooner. */
  readonly firstPollSeconds: number;
  /**
   * The number of polling intervals after which a write counts as not done, if its reply was lost and no poll
   * shows a sign of it: longer than the slowest provider was recorded to hide a write behind the old status.
   */
  readonly unconfirmedTimeoutPolls: number;
  /**
   * Whether a write goes on behind the old status with `Succeeded` (API Management, disk accesses), or shows the
   * new status at once with `Updating` (Key Vault).
   */
  readonly showsNewStatusAtOnce: boolean;
  /** Whether the target itself stays locked after its connection has changed. */
  readonly locksTarget: boolean;
  /** Whether a Rejected connection was seen to become Approved: only Key Vault is on record. */
  readonly canReviveRejected: boolean;
  /** The pattern of a target's name. */
  readonly namePattern: RegExp;
}

const vault = {
  pollFloorSeconds: 10,
  firstPollSeconds: 10,
  deadlineSeconds: 15 * 60,
  unconfirmedTimeoutPolls: 6,
  showsNewStatusAtOnce: true,
  locksTarget: false,
  canReviveRejected: true,
  namePattern: /^[a-zA-Z0-9-]{3,24}$/,
};

export const targetProfiles: Readonly<Record<TargetType, TargetProfile>> = {
  'Microsoft.KeyVault/vaults': { ...vault, label: 'Key Vault' },
  'Microsoft.KeyVault/managedHSMs': { ...vault, label: 'Managed HSM' },
  'Microsoft.ApiManagement/service': {
    label: 'API Management',
    pollFloorSeconds: 15,
    firstPollSeconds: 60,
    deadlineSeconds: 60 * 60,
    unconfirmedTimeoutPolls: 40,
    showsNewStatusAtOnce: false,
    locksTarget: true,
    canReviveRejected: false,
    namePattern: /^[a-zA-Z](?:[a-zA-Z0-9-]{0,48}[a-zA-Z0-9])?$/,
  },
  'Microsoft.Compute/diskAccesses': {
    label: 'Disk access',
    pollFloorSeconds: 10,
    firstPollSeconds: 10,
    deadlineSeconds: 15 * 60,
    unconfirmedTimeoutPolls: 18,
    showsNewStatusAtOnce: false,
    locksTarget: false,
    canReviveRejected: false,
    namePattern: /^[a-zA-Z0-9_.-]{1,80}$/,
  },
};

/**
 * Returns the type in ARM's spelling, whatever the casing of `text`; `undefined` for a type that Postern does
 * not answer.
 */
export function targetTypeFrom(text: string): TargetType | undefined {
  const wanted = lower(text);
  return targetTypes.find((type) => lower(type) === wanted);
}
