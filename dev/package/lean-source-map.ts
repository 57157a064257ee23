import { decode, encode, type SourceMapLine, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import { isOfPackage } from './bundled-packages';

interface SourceMapFile {
  readonly sources: readonly string[];
  readonly mappings: string;
}

/**
 * Returns a source map that is sufficient for readable stacks: exact positions in the project's own sources,
 * only the line in packages, no source texts and no names. It has a tenth of the full map's size, which every
 * reading of the map would pay for.
 */
export function leanSourceMap(text: string): string {
  const { sources, mappings } = JSON.parse(text) as SourceMapFile;
  const lines = decode(mappings).map((line) => leanLine(line, sources));
  return JSON.stringify({ version: 3, sources, names: [], mappings: encode(lines) });
}

function leanLine(line: SourceMapLine, sources: readonly string[]): SourceMapLine {
  const lean: SourceMapSegment[] = [];
  let before: number | undefined;
  for (const [column, source, sourceLine, sourceColumn] of line) {
    if (source === undefined || sourceLine === undefined || sourceColumn === undefined) continue;
    const isPackages = isOfPackage(sources[source] ?? '');
    if (!isPackages) lean.push([column, source, sourceLine, sourceColumn]);
    else if (source !== before) lean.push([column, source, sourceLine, 0]);
    before = source;
  }
  return lean;
}
