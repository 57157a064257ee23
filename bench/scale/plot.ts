/** A line plot over a logarithmic axis of sizes. */
export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** On a `log` axis, linear growth is a line with slope 1. */
  readonly y: 'linear' | 'log';
  /** The marked places of the horizontal axis, which begins and ends with them. Absent: each size. */
  readonly xTicks?: readonly number[] | undefined;
  /** Where the names of the series stand, so that no line crosses them. Default: left. */
  readonly legend?: 'left' | 'right' | undefined;
  readonly series: readonly Series[];
  /** A dashed line for the limit. */
  readonly limit?: { readonly value: number; readonly label: string } | undefined;
}

export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const width = 640;
const height = 360;
const frame = { left: 70, right: 20, top: 44, bottom: 52 };
const colors = ['#0b6bcb', '#c2410c', '#15803d', '#7e22ce'];

/** Returns an SVG document. A plot without points is an empty frame. */
export function plotSvg(plot: Plot): string {
  const scales = scalesOf(plot);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(width / 2, 22, plot.title, 'middle', 'font-size="15" font-weight="bold"'),
    ...axes(plot, scales),
    ...limitLine(plot, scales),
    ...plot.series.flatMap((series, index) => [
      ...lineOf(series, index, scales),
      ...legendOf(series, index, plot.legend === 'right' ? width - frame.right - 250 : frame.left + 12),
    ]),
    '</svg>',
    '',
  ].join('\n');
}

interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
}

function scalesOf({ series, limit, y, xTicks }: Plot): Scales {
  const points = series.flatMap((each) => each.points);
  const xs = xTicks ?? [...new Set(points.map(([x]) => x))].sort((a, b) => a - b);
  const ys = [...points.map(([, value]) => value), ...(limit === undefined ? [] : [limit.value])];
  const [low, high] = y === 'log' ? decadesAround(ys) : [0, niceAbove(Math.max(1, ...ys))];
  const inner = { width: width - frame.left - frame.right, height: height - frame.top - frame.bottom };
  const position = (value: number, from: number, to: number): number => (value - from) / (to - from || 1);
  const first = Math.log10(xs[0] ?? 1);
  const last = Math.log10(xs.at(-1) ?? 10);
  const scaled = (value: number): number => (y === 'log' ? Math.log10(value) : value);
  return {
    x: (value) => frame.left + position(Math.log10(value), first, last) * inner.width,
    y: (value) => height - frame.bottom - position(scaled(value), scaled(low), scaled(high)) * inner.height,
    xTicks: xs,
    yTicks: y === 'log' ? decades(low, high) : [0, 1, 2, 3, 4, 5].map((each) => (high / 5) * each),
  };
}

function decadesAround(values: readonly number[]): [number, number] {
  const usable = values.filter((value) => value > 0);
  const low = 10 ** Math.floor(Math.log10(Math.min(...usable, 1e9)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...usable, low * 10)));
  return [low, high];
}

function decades(low: number, high: number): number[] {
  const count = Math.round(Math.log10(high / low)) + 1;
  return Array.from({ length: count }, (_, index) => low * 10 ** index);
}

function niceAbove(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((each) => each * magnitude >= value) ?? 10;
  return step * magnitude;
}

function axes(plot: Plot, { x, y, xTicks, yTicks }: Scales): string[] {
  const right = width - frame.right;
  const bottom = height - frame.bottom;
  const yMiddle = (frame.top + bottom) / 2;
  return [
    ...yTicks.flatMap((tick) => [
      line(frame.left, y(tick), right, y(tick), 'stroke="#e5e7eb"'),
      text(frame.left - 8, y(tick) + 4, shown(tick), 'end'),
    ]),
    ...xTicks.map((tick) => text(x(tick), bottom + 18, shown(tick), 'middle')),
    line(frame.left, bottom, right, bottom, 'stroke="#6b7280"'),
    line(frame.left, frame.top, frame.left, bottom, 'stroke="#6b7280"'),
    text((frame.left + right) / 2, height - 14, plot.xLabel, 'middle'),
    text(18, yMiddle, plot.yLabel, 'middle', `transform="rotate(-90 18 ${yMiddle})"`),
  ];
}

function limitLine({ limit }: Plot, { y }: Scales): string[] {
  if (limit === undefined) return [];
  const at = y(limit.value);
  return [
    line(frame.left, at, width - frame.right, at, 'stroke="#dc2626" stroke-dasharray="6 4"'),
    text(width - frame.right - 4, at - 6, limit.label, 'end', 'fill="#dc2626"'),
  ];
}

function lineOf({ points }: Series, index: number, { x, y }: Scales): string[] {
  const color = colorOf(index);
  const places = points.map(([px, py]) => [rounded(x(px)), rounded(y(py))] as const);
  return [
    `<polyline fill="none" stroke="${color}" stroke-width="2" points="${places.map((place) => place.join(',')).join(' ')}"/>`,
    ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="4" fill="${color}"/>`),
  ];
}

function legendOf({ name }: Series, index: number, x: number): string[] {
  const y = frame.top + 14 + index * 18;
  return [
    line(x, y - 4, x + 20, y - 4, `stroke="${colorOf(index)}" stroke-width="2"`),
    text(x + 26, y, name, 'start'),
  ];
}

function colorOf(index: number): string {
  return colors[index % colors.length] ?? '#000000';
}

function line(x1: number, y1: number, x2: number, y2: number, style: string): string {
  return `<line x1="${rounded(x1)}" y1="${rounded(y1)}" x2="${rounded(x2)}" y2="${rounded(y2)}" ${style}/>`;
}

function text(x: number, y: number, content: string, anchor: string, more = 'fill="#111827"'): string {
  const safe = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${rounded(x)}" y="${rounded(y)}" text-anchor="${anchor}" ${more}>${safe}</text>`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 2 });
}
