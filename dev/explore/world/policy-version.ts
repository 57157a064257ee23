/** The versions of the policy that a world's author puts in force, one after another. */
export const policyVersions = ['base', 'freeze', 'audit', 'amnesty', 'invalid'] as const;
export type PolicyVersion = (typeof policyVersions)[number];
