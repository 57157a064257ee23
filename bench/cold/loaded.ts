import { figure, type Table } from '../report/table';

/** What `scripts/build.mjs` writes about the bundle: output files with the bytes of each source in them. */
export interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly bytes: number;
        readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
      }
    >
  >;
}

/** What a cold start loads. */
export interface Loaded {
  readonly files: number;
  readonly bytes: number;
  /** Bytes of each package, the largest first; `Postern` for its own sources. What the bundler adds is left out. */
  readonly packages: readonly (readonly [name: string, bytes: number])[];
}

/**
 * Sums up what is loaded by package. `files`: output files, as the metafile names them.
 * @throws Error if the metafile does not know a file.
 */
export function loadedOf({ outputs }: Metafile, files: readonly string[]): Loaded {
  const known = files.map((file) => {
    const output = outputs[file];
    if (output === undefined) throw new Error(`The bundle has no file ${file}`);
    return output;
  });
  const packages = new Map<string, number>();
  for (const { inputs } of known) {
    for (const [source, { bytesInOutput }] of Object.entries(inputs)) {
      const name = packageOf(source);
      packages.set(name, (packages.get(name) ?? 0) + bytesInOutput);
    }
  }
  return {
    files: known.length,
    bytes: known.reduce((sum, { bytes }) => sum + bytes, 0),
    packages: [...packages].filter(([, bytes]) => bytes > 0).sort(([, one], [, other]) => other - one),
  };
}

function packageOf(source: string): string {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? 'Postern';
}

export function loadedTable({ files, bytes, packages }: Loaded): Table {
  return {
    caption: `What the bundle loads until the end of the first invocation: ${figure(files)} files with ${figure(bytes / 1000)} KB of JavaScript.`,
    head: ['from', 'KB'],
    rows: packages.map(([name, size]) => [name, figure(size / 1000)]),
  };
}
