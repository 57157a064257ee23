import type { ManagementGroup } from '../../policy/lists/entries-of';

/** Finds management groups that the identity may read. */
export interface ManagementGroupReader {
  /**
   * Finds the groups with these ids, compared whole and without case. One that the identity may not
   * read is left out without a sign.
   * @throws ArmError
   */
  find(ids: readonly string[]): Promise<readonly ManagementGroup[]>;
}
