/** A page of the site, and the files and folders that it links to. */
export interface StagedPage {
  readonly text: string;
  readonly targets: readonly string[];
}
export function pageOf(path: string): Promise<StagedPage>;
export function stagePages(target: string): Promise<string[]>;
