import { fieldsOf, nextOccurrence, parseNcrontab, wrongField, type WrongField } from '../base/ncrontab';

export type Environment = Readonly<Record<string, string | undefined>>;

export const defaultSweepSchedule = '0 */15 * * * *';

/**
 * Returns the schedule to register the timer with: six fields, seconds first. This module is apart from the
 * other settings because it is all that loads when functions are registered, which keeps the start of a
 * worker fast. A wrong setting gives the default: with a schedule that the host cannot read, the sweep would
 * silently never run. With the default it runs, and fails like every other invocation, with the setting's
 * name.
 */
export function sweepSchedule(environment: Environment = process.env): string {
  const schedule = resolved(environment);
  return schedule === undefined || scheduleProblem(schedule) !== undefined ? defaultSweepSchedule : schedule;
}

/** Says what is wrong with SWEEP_SCHEDULE, without quoting it; `undefined` when the host can use it. */
export function sweepScheduleProblem(environment: Environment): string | undefined {
  const schedule = resolved(environment);
  const problem =
    schedule === undefined
      ? 'it refers to another setting (%…%) that does not exist'
      : scheduleProblem(schedule);
  return problem && `must be an NCRONTAB expression such as "${defaultSweepSchedule}": ${problem}`;
}

/** Tells whether outcome events are published: without a topic, no function listens to their queue. */
export function hasEventTopic(environment: Environment = process.env): boolean {
  return (environment.EVENT_TOPIC_ENDPOINT?.trim() ?? '') !== '';
}

/** Tells whether people answer in the console: without both ids, its function does not exist. */
export function hasConsole(environment: Environment = process.env): boolean {
  const isSet = (name: string): boolean => (environment[name]?.trim() ?? '') !== '';
  return isSet('CONSOLE_CLIENT_ID') && isSet('CONSOLE_TENANT_ID');
}

/**
 * Replaces `%NAME%` by that setting, as the host does in any trigger. `undefined` when there is no such
 * setting.
 */
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
  if (/^[\d.]*\d:\d[\d:.]*$/.test(schedule)) return 'Flex Consumption does not support time spans';
  if (/[^\S ]/.test(schedule)) return 'fields must be separated by plain blanks';
  const fields = fieldsOf(schedule);
  if (fields.length !== 6)
    return `it has ${fields.length} fields instead of six (second minute hour day month weekday)`;
  const wrong = wrongField(fields);
  if (wrong !== undefined) return fieldProblem(wrong);
  const first = nextOccurrence(parseNcrontab(schedule), new Date(0));
  return first === undefined ? 'there is no such day' : undefined;
}

/** Describes a wrong field; syntax from other cron dialects is recognized. */
function fieldProblem({ kind, text }: WrongField): string {
  const { name, minimum, maximum, names } = kind;
  const sign = foreignSign(text, name);
  const wanted = `the ${name} is ${minimum} to ${maximum}${names === undefined ? '' : ' or a name'}, a list, a range, * or a step`;
  return sign === undefined ? wanted : `${wanted}; ${sign}`;
}

function foreignSign(text: string, name: string): string | undefined {
  if (text.includes('?')) return '? is not supported, write *';
  if (text.includes('#') || (/^day/.test(name) && /^(?:l|lw|\d+[lw]|l-\d+|[a-z]{3}l)$/i.test(text)))
    return 'L, W and # are not supported';
  if (/\/-?0*(?:,|$)/.test(text)) return 'a step is a number from 1 on';
  return name === 'day of week' && /\b7\b/.test(text) ? 'Sunday is 0, not 7' : undefined;
}
