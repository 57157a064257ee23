import { isOwnStoreType, targetTypeFrom } from '../../../src/connections/target-type';
import { apiManagementProfile } from './api-management';
import { diskAccessProfile } from './disk-access';
import { managedHsmProfile, vaultProfile } from './key-vault';
import { allEvidence } from './table/evidence';
import { createTableProfile } from './table/table-profile';
import type { TimingOverrides } from '../model/timings';
import type { TargetProfile } from '../model/world';

/** The four types whose behavior is written by hand, and all others, which are played from their evidence. */
const profiles: readonly TargetProfile[] = [
  vaultProfile,
  managedHsmProfile,
  apiManagementProfile,
  diskAccessProfile,
  ...allEvidence()
    .filter(({ type }) => !isByHand(type))
    .map(createTableProfile),
];

/** Returns the profiles of all target types. `overrides` has other timings by type, in any casing. */
export function createProfiles(overrides: TimingOverrides = {}): readonly TargetProfile[] {
  const wanted = new Map(Object.entries(overrides).map(([type, timings]) => [type.toLowerCase(), timings]));
  return profiles.map((profile) => ({
    ...profile,
    timings: { ...profile.timings, ...wanted.get(profile.type.toLowerCase()) },
  }));
}

/** Returns whether a type's behavior is written by hand. */
export function isByHand(type: string): boolean {
  const known = targetTypeFrom(type);
  return known !== undefined && isOwnStoreType(known);
}

/** Returns whether the local Azure has this type, in any casing. */
export function isKnownType(type: string): boolean {
  return profiles.some((profile) => profile.type.toLowerCase() === type.toLowerCase());
}
