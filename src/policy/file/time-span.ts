/**
 * The pattern of time spans: whole days, hours, minutes and seconds, such as `7d` or `24h30m`. Also
 * in the JSON Schema.
 */
export const timeSpanPattern = /^(?=\d)(?:\d{1,9}d)?(?:\d{1,9}h)?(?:\d{1,9}m)?(?:\d{1,9}s)?$/;

const units = ['d', 'h', 'm', 's'] as const;

type Unit = (typeof units)[number];

const secondsOf: Readonly<Record<Unit, number>> = { d: 86_400, h: 3_600, m: 60, s: 1 };

/**
 * Parses a time span. Returns seconds, undefined if the text is not a time span (`timeSpanProblem`
 * says why).
 */
export function parseTimeSpan(text: string): number | undefined {
  if (!timeSpanPattern.test(text)) return undefined;
  return units.reduce((sum, unit) => sum + secondsOf[unit] * countOf(text, unit), 0);
}

function countOf(text: string, unit: Unit): number {
  const [, count = '0'] = new RegExp(`(\\d+)${unit}`).exec(text) ?? [];
  return Number(count);
}

/**
 * Formats a time span as CEL writes it, without days: 604800 is `168h`.
 *
 * @param seconds whole and not negative
 */
export function formatTimeSpan(seconds: number): string {
  const parts = { h: Math.floor(seconds / 3_600), m: Math.floor(seconds / 60) % 60, s: seconds % 60 };
  const text = (['h', 'm', 's'] as const).map((unit) => (parts[unit] === 0 ? '' : `${parts[unit]}${unit}`));
  return text.join('') || '0s';
}

/** Describes what is wrong with a text that is not a time span, and how to fix it. */
export function timeSpanProblem(text: string): string {
  const prefix = `\`${text.slice(0, 40)}\` is not a time`;
  if (text.trim() === '') return 'the time is empty: write one such as `168h` or `7d`';
  if (/^\s*[-\u2212]/.test(text)) return `${prefix}: a time that begins with a minus is already over`;
  if (/^\d+$/.test(text.trim()) && text.trim().length <= 9)
    return `${prefix}: add the unit, ${unitFix(text.trim())}`;
  const meant = likely(text);
  if (meant !== undefined) return `${prefix}: write \`${meant}\``;
  return `${prefix}: write whole days, hours, minutes and seconds, such as \`7d\`, \`168h\` or \`24h30m\``;
}

/**
 * Describes what is wrong with a text that is not a duration of CEL, which knows no days: what to write instead of
 * `14d`, `2 weeks` or `1d12h`, where that can be told.
 */
export function durationProblem(text: string): string {
  const units = 'not a duration: write hours, minutes or seconds';
  const seconds = parseTimeSpan(text) ?? likelySeconds(text);
  // The longest that CEL takes is about 10,000 years.
  if (seconds === undefined || seconds === 0 || seconds > 315_576_000_000)
    return `${units}, such as "168h" for seven days`;
  const days = seconds / secondsOf.d;
  if (!Number.isInteger(days)) return `${units}, such as "${formatTimeSpan(seconds)}"`;
  return `${units}, such as "${formatTimeSpan(seconds)}" for ${numberWords[days] ?? days} day${days === 1 ? '' : 's'}`;
}

const numberWords = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** Suggests units for a number without one. */
export function unitFix(count: string): string {
  return `\`${count}h\` for hours or \`${count}d\` for days`;
}

const words: Readonly<Record<string, number>> = {
  ...{ w: 604_800, wk: 604_800, wks: 604_800, week: 604_800, weeks: 604_800 },
  ...{ d: 86_400, day: 86_400, days: 86_400 },
  ...{ h: 3_600, hr: 3_600, hrs: 3_600, hour: 3_600, hours: 3_600 },
  ...{ m: 60, min: 60, mins: 60, minute: 60, minutes: 60 },
  ...{ s: 1, sec: 1, secs: 1, second: 1, seconds: 1 },
};

/**
 * Converts what people write for a time to a time span: `7 days`, `1w`, `30m 24h`, `1.5h`, and ISO
 * 8601's `PT24H`.
 */
function likely(text: string): string | undefined {
  const total = likelySeconds(text);
  if (total === undefined) return undefined;
  return total % 86_400 === 0 ? `${total / 86_400}d` : formatTimeSpan(total);
}

/** Converts the same texts to seconds. */
function likelySeconds(text: string): number | undefined {
  const iso = /^P(?:\d+[WD])?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$/i.test(text);
  const plain = (iso ? text.replace(/[PT]/gi, '') : text).slice(0, 100).toLowerCase();
  const token = /(\d{1,9}(?:\.\d{1,9})?)\s*([a-z]+)/g;
  if (!/^(?:[\s,]|and)*$/.test(plain.replace(token, ' '))) return undefined;
  const seconds = [...plain.matchAll(token)].map(
    ([, count, word = '']) => Number(count) * (words[word] ?? NaN),
  );
  const total = Math.round(seconds.reduce((sum, each) => sum + each, 0));
  return Number.isSafeInteger(total) && total !== 0 ? total : undefined;
}
