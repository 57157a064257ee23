/** The folder of a policy, as far as announcements go: each is a file of its own, so that writers never meet. */
export interface AnnouncementFolder {
  /** Lists the names of the files of announcements that lie directly in the folder. */
  names(): Promise<readonly string[]>;
  /**
   * Creates a file. Resolves to whether it did; `false`: there is one of that name, which stays as it is.
   * @throws CliError
   */
  create(name: string, text: string): Promise<boolean>;
  /** Removes a file, if it is there. @throws CliError */
  remove(name: string): Promise<void>;
}

/** The part of the host that gives access to the folder of a policy. */
export interface ExpectHost {
  /**
   * Opens the folder of a policy, on disk or at an https URL.
   * @throws CliError, PosternError
   */
  announcements(path: string): Promise<AnnouncementFolder>;
}
