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

/** The four systems, with other timings where `overrides` has any for a type (in any casing). */
export function createProfiles(overrides: TimingOverrides = {}): readonly TargetProfile[] {
  const wanted = new Map(Object.entries(overrides).map(([type, timings]) => [type.toLowerCase(), timings]));
  return profiles.map((profile) => ({
    ...profile,
    timings: { ...profile.timings, ...wanted.get(profile.type.toLowerCase()) },
  }));
}

/** True for the types that the local Azure has, in any casing. */
export function isKnownType(type: string): boolean {
  return profiles.some((profile) => profile.type.toLowerCase() === type.toLowerCase());
}
