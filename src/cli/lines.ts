/** A line that is longer is cut, so that a file without line ends takes no memory. */
export const longestLine = 1024 * 1024;

/** The lines of a text that comes in chunks, without their ends; holds one line and one chunk at a time. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of chunks) {
    const parts = chunk.split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      yield trimmed(held + part);
      held = '';
    }
    if (held.length < longestLine) held = (held + last).slice(0, longestLine);
  }
  if (held !== '') yield trimmed(held);
}

function trimmed(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
