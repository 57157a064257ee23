import type { PolicyFile } from '../policy';

/** Where policy files are kept: a disk, or blob storage. Failures are `PosternError` POLICY_INVALID, for people. */
export interface PolicyReader {
  /** Changes whenever the files may have changed; much cheaper than reading them. */
  version(): Promise<string>;
  /** All policy files. Not necessarily of one moment: the caller compares versions. */
  read(): Promise<readonly PolicyFile[]>;
}
