/**
 * Returns a CycloneDX bill of materials as `npm sbom` writes it, of what is deployed only: the packages that `runtime` reaches. (npm leaves
 * out packages that tools need, too, when it is asked to omit those.) Without what differs from run to run, so that the same
 * sources give the same text.
 * @param {string} text
 * @param {{ readonly name: string, readonly timestamp: string, readonly runtime: readonly string[] }} of the name of the component, the
 * time of its commit in ISO 8601, and the names of the packages that it depends on at run time
 * @returns {string}
 */
export function reproducibleSbom(text, { name, timestamp, runtime }) {
  const { serialNumber, metadata, components, dependencies, ...rest } = JSON.parse(text);
  if (serialNumber === undefined) throw new Error('npm sbom wrote no bill of materials');
  const root = metadata.component['bom-ref'];
  const needs = new Map(dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
  const first = runtime.map((each) => {
    const ref = needs.get(root)?.find((one) => one.startsWith(`${each}@`));
    if (ref === undefined) throw new Error(`npm sbom does not list ${each}`);
    return ref;
  });
  const reached = new Set(first);
  for (const ref of reached) for (const next of needs.get(ref) ?? []) reached.add(next);
  const inOrder = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
  return `${JSON.stringify(
    {
      ...rest,
      metadata: { ...metadata, timestamp, component: { ...metadata.component, name } },
      components: components
        .filter((each) => reached.has(each['bom-ref']))
        .toSorted((one, other) => inOrder(one['bom-ref'], other['bom-ref'])),
      dependencies: [
        { ref: root, dependsOn: first.toSorted() },
        ...[...reached].toSorted().map((ref) => ({ ref, dependsOn: (needs.get(ref) ?? []).toSorted() })),
      ],
    },
    undefined,
    2,
  )}\n`;
}
