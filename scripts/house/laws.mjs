import { circles, importGraph } from './imports.mjs';
import { groupBy } from './sources.mjs';

const maxFiles = 14;
const countedFolders = ['src', 'console', 'report', 'dev', 'bench'];

/** Returns a sentence for each countable rule of the architecture that the source files break. */
export function brokenLaws(sources) {
  const graph = importGraph(sources);
  return [
    ...[...groupBy(sources, ({ folder }) => folder)]
      .filter(([folder, files]) => countedFolders.includes(folder.split('/')[0]) && files.length > maxFiles)
      .map(([folder, files]) => `${folder} holds ${files.length} files; ${maxFiles} is the most.`),
    ...circles(graph).map((circle) => `Import circle: ${circle.join(', ')}.`),
    ...[...graph].flatMap(([path, imported]) =>
      imported
        .filter((other) => path.startsWith('bench/') && other.startsWith('test/'))
        .map((other) => `${path} imports ${other}; bench must not depend on test.`),
    ),
  ];
}
