export type Environment = Readonly<Record<string, string | undefined>>;

export const defaultSweepSchedule = '0 */15 * * * *';

/**
 * The timer's schedule: six fields, seconds first. Apart from the other settings, because only what stands here is read
 * when functions are registered, and a worker should start without loading what checks the rest.
 */
export function sweepSchedule(environment: Environment = process.env): string {
  const text = environment.SWEEP_SCHEDULE?.trim();
  return text === undefined || text === '' ? defaultSweepSchedule : text;
}

/** Whether outcome events are told at all: without a topic, nothing listens to their queue. */
export function hasEventTopic(environment: Environment = process.env): boolean {
  return (environment.EVENT_TOPIC_ENDPOINT?.trim() ?? '') !== '';
}
