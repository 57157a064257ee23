/** The limits of a policy file. Lengths are in UTF-16 units. */
export const policyLimits = {
  fileBytes: 1024 * 1024,
  rules: 1_000,
  listEntries: 10_000,
  entryLength: 2_048,
  whenLength: 4_096,
  reasonLength: 256,
  tenants: 100,
} as const;
