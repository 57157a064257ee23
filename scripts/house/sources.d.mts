export interface Source {
  readonly path: string;
  readonly text: string;
  readonly folder: string;
  readonly top: string;
}

export declare function readSources(root: string): Source[];
export declare function sourceOf(path: string, text: string): Source;
