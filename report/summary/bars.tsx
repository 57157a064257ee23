import type { Count } from '../../src/report/summary';

/** Lengths in the units of the drawing. */
const size = { width: 400, numbers: 56, row: 24, bar: 14, character: 8.1, gap: 8 } as const;
/** As long as a GUID. */
const longestLabel = 36;

/** Draws a bar chart with a number at each bar. Assistive technology reads it as one sentence. */
export function Bars({
  title,
  counts,
  wordOf = (key) => key,
}: {
  readonly title: string;
  readonly counts: readonly Count[];
  readonly wordOf?: (key: string) => string;
}) {
  if (counts.length === 0) return null;
  const most = counts.reduce((largest, { count }) => Math.max(largest, count), 1);
  const labels = counts.map(({ key }) => shortened(wordOf(key)));
  const labelled =
    size.gap + labels.reduce((longest, { length }) => Math.max(longest, length), 8) * size.character;
  const room = size.width - labelled - size.numbers;
  const lengthOf = (count: number): number => Math.max(2, (room * count) / most);
  const words = counts.map(({ key, count }) => `${wordOf(key)} ${count.toLocaleString('en-US')}`);
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <svg
        role="img"
        aria-label={`${title}: ${words.join(', ')}`}
        viewBox={`0 0 ${size.width} ${counts.length * size.row}`}
      >
        {counts.map(({ key, count }, at) => (
          <g key={key} transform={`translate(0 ${at * size.row})`}>
            <title>{words[at]}</title>
            <text
              class="label"
              x={labelled - size.gap}
              y={size.row / 2}
              text-anchor="end"
              dominant-baseline="central"
            >
              {labels[at]}
            </text>
            <rect
              class="bar"
              x={labelled}
              y={(size.row - size.bar) / 2}
              width={lengthOf(count)}
              height={size.bar}
              rx="2"
            />
            <text
              class="number"
              x={labelled + lengthOf(count) + 6}
              y={size.row / 2}
              dominant-baseline="central"
            >
              {count.toLocaleString('en-US')}
            </text>
          </g>
        ))}
      </svg>
    </figure>
  );
}

/** Cuts a label at a whole character. */
function shortened(label: string): string {
  const characters = Array.from(label);
  return characters.length <= longestLabel ? label : `${characters.slice(0, longestLabel - 1).join('')}…`;
}
