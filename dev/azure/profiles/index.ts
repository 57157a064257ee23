import { apiManagementProfile } from './api-management';
import { diskAccessProfile } from './disk-access';
import { managedHsmProfile, vaultProfile } from './key-vault';
import type { TimingOverrides } from '../model/timings';
import type { TargetProfile } from '../model/world';

const profiles: readonly TargetProfile[] = [
  vaultProfile,
  managedHsmProfile,
  apiManagementProfile,
  diskAccessProfile,
];

/** Returns the profiles of the four target types. `overrides` has other timings by type, in any casing. */
export function createProfiles(overrides: TimingOverrides = {}): readonly TargetProfile[] {
  const wanted = new Map(Object.entries(overrides).map(([type, timings]) => [type.toLowerCase(), timings]));
  return profiles.map((profile) => ({
    ...profile,
    timings: { ...profile.timings, ...wanted.get(profile.type.toLowerCase()) },
  }));
}

/** Returns whether the local Azure has this type, in any casing. */
export function isKnownType(type: string): boolean {
  return profiles.some((profile) => profile.type.toLowerCase() === type.toLowerCase());
}
