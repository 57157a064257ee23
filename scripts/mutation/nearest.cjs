/** Returns test files so that those beside the mutated file come first: they find most of its mutants. */
exports.nearestFirst = function nearestFirst(tests, pathOf, mutatedFile) {
  const [, ...wanted] = mutatedFile.slice(mutatedFile.lastIndexOf('/src/') + 1, -'.ts'.length).split('/');
  const distance = (test) => {
    const [, , ...folders] = pathOf(test).slice(0, -'.test.ts'.length).split('/');
    // What the documentation says of a policy is tested beside the commands about policies.
    const parts = folders[0] === 'cli' ? folders.slice(1) : folders;
    const different = wanted.findIndex((part, index) => part !== parts[index]);
    return different === -1 ? 0 : wanted.length - different;
  };
  return tests
    .map((test) => ({ test, distance: distance(test) }))
    .sort((one, other) => one.distance - other.distance)
    .map(({ test }) => test);
};
