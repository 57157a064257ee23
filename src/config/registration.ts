import { fieldsOf, nextOccurrence, parseNcrontab, wrongField, type WrongField } from '../base/ncrontab';

export type Environment = Readonly<Record<string, string | undefined>>;

export const defaultSweepSchedule = '0 */15 * * * *';

/**
 * The timer's schedule, as it is registered: six fields, seconds first. Apart from the other settings, because only what
 * stands here is read when functions are registered, and a worker should start without loading what checks the rest.
 * Where the setting is wrong, it is the default: a schedule that the host cannot read would leave the app without its
 * sweep in silence, while like this the sweep runs, and fails as every other invocation does, with the setting's name.
 */
export function sweepSchedule(environment: Environment = process.env): string {
  const schedule = resolved(environment);
  return schedule === undefined || scheduleProblem(schedule) !== undefined ? defaultSweepSchedule : schedule;
}

/** What is wrong with SWEEP_SCHEDULE, without its text; `undefined` when the host can run by it. */
export function sweepScheduleProblem(environment: Environment): string | undefined {
  const schedule = resolved(environment);
  const problem =
    schedule === undefined
      ? 'it refers to another setting (%…%), and there is none of that name'
      : scheduleProblem(schedule);
  return problem && `must be an NCRONTAB expression such as "${defaultSweepSchedule}": ${problem}`;
}

/** Whether outcome events are told at all: without a topic, nothing listens to their queue. */
export function hasEventTopic(environment: Environment = process.env): boolean {
  return (environment.EVENT_TOPIC_ENDPOINT?.trim() ?? '') !== '';
}

/** `%NAME%` stands for another setting, as everywhere in a trigger. `undefined` when there is no such setting. */
function resolved(environment: Environment): string | undefined {
  let isWhole = true;
  const text = (environment.SWEEP_SCHEDULE ?? '').replace(/%([^%]*)%/g, (_, name: string) => {
    const value = environment[name] ?? valueWithoutCase(environment, name);
    isWhole &&= value !== undefined;
    return value ?? '';
  });
  if (!isWhole || text.includes('%')) return undefined;
  return text.trim() || defaultSweepSchedule;
}

function valueWithoutCase(environment: Environment, name: string): string | undefined {
  const key = Object.keys(environment).find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : environment[key];
}

function scheduleProblem(schedule: string): string | undefined {
  if (/^[\d.]*\d:\d[\d:.]*$/.test(schedule)) return 'a time span is not taken on Flex Consumption';
  if (/[^\S ]/.test(schedule)) return 'blanks stand between the fields, and nothing else';
  const fields = fieldsOf(schedule);
  if (fields.length !== 6)
    return `it has ${fields.length} fields instead of six (second minute hour day month weekday)`;
  const wrong = wrongField(fields);
  if (wrong !== undefined) return fieldProblem(wrong);
  const first = nextOccurrence(parseNcrontab(schedule), new Date(0));
  return first === undefined ? 'such a day never comes' : undefined;
}

/** What people bring along from other dialects is told by its sign. */
function fieldProblem({ kind, text }: WrongField): string {
  const { name, minimum, maximum, names } = kind;
  const sign = foreignSign(text, name);
  const wanted = `the ${name} is ${minimum} to ${maximum}${names === undefined ? '' : ' or a name'}, a list, a range, * or a step`;
  return sign === undefined ? wanted : `${wanted}; ${sign}`;
}

function foreignSign(text: string, name: string): string | undefined {
  if (text.includes('?')) return 'there is no ?, write *';
  if (text.includes('#') || (/^day/.test(name) && /^(?:l|lw|\d+[lw]|l-\d+|[a-z]{3}l)$/i.test(text)))
    return 'there is no L, W or #';
  if (/\/-?0*(?:,|$)/.test(text)) return 'a step is a number from 1 on';
  return name === 'day of week' && /\b7\b/.test(text) ? 'Sunday is 0, not 7' : undefined;
}
