import type { PolicyFile } from '../policy';

/**
 * The storage of policy files: a disk or blob storage. Methods fail with `PosternError`
 * POLICY_INVALID.
 */
export interface PolicyReader {
  /**
   * Returns a version that changes whenever the files may have changed. Much cheaper than reading
   * them.
   */
  version(): Promise<string>;
  /**
   * Reads all policy files. They may change while they are read: compare the versions before and
   * after.
   */
  read(): Promise<readonly PolicyFile[]>;
}
