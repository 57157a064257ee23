import type { WorldReport } from '../world/simulate';

/** The longest story, in lines. */
const mostLines = 40;

/** Tells what happened in a world around its first violation, or around nothing: at most 40 lines. */
export function storyOf({ seed, plan, violations, trace, virtualHours }: WorldReport): string {
  const [violation] = violations;
  const about = violation?.about.toLowerCase() ?? '';
  const startMs = trace[0]?.atMs ?? 0;
  const head = [
    `World ${seed}: ${plan.connections.length} connections on ${plan.targets.length} targets, ${virtualHours.toFixed(1)} hours.`,
    `Faults: ${[...plan.faults].join(', ') || 'none'}. Others: ${[...plan.actors].join(', ') || 'nobody'}.`,
    violation === undefined ? 'No law was broken.' : `Broken: ${violation.law}. ${violation.what}.`,
  ];
  const lines = trace
    .filter(({ what, about: entryAbout }) => {
      if (about === '') return true;
      return (
        entryAbout === '' || entryAbout.toLowerCase().includes(about) || what.toLowerCase().includes(about)
      );
    })
    .filter(({ what }) => !isNoise(what))
    .map(({ atMs, who, what }) => `${clock(atMs - startMs)} ${who}: ${what}`.slice(0, 200));
  const kept = folded(lines).slice(-(mostLines - head.length));
  return [...head, ...kept].join('\n');
}

/** Storage calls that say nothing by themselves. */
function isNoise(what: string): boolean {
  return (
    /^(blob|queue|table) \S+ (getEntity|listEntities|acquire|renew|release|send|remove|update|hide)/i.test(
      what,
    ) && !/: /.test(what)
  );
}

/** Folds repeated lines into one. */
function folded(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let before = '';
  for (const line of lines) {
    const text = line.slice(12);
    if (text !== before) kept.push(line);
    before = text;
  }
  return kept;
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${String(Math.floor(ms % 1000)).padStart(3, '0')}`;
}
