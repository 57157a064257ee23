export function reproducibleSbom(
  text: string,
  of: { readonly name: string; readonly timestamp: string; readonly runtime: readonly string[] },
): string;
