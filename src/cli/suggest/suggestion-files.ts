/** The files that `postern suggest` writes. */
export interface SuggestionFiles {
  /** Returns whether there is something at a path. @throws CliError if that cannot be told */
  exists(path: string): Promise<boolean>;
  /**
   * Writes a file whole or not at all. Replaces one that is there only if `replace` is set.
   * @throws CliError if it cannot be written, or if there is one that must stay
   */
  write(path: string, text: string, options: { readonly replace: boolean }): Promise<void>;
}

/** The part of the host that `postern suggest` needs besides access to Azure. */
export interface SuggestHost {
  readonly suggestionFiles: SuggestionFiles;
}
