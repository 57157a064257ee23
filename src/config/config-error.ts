import { PosternError } from '../base/errors';

/** One wrong setting. Its value is left out: it can be a secret that was pasted into the wrong place. */
export interface ConfigProblem {
  readonly setting: string;
  /** Follows the setting's name and says what to change, e.g. `must be enforce or audit, or be left out`. */
  readonly problem: string;
}

/** CONFIG_INVALID, with every problem that was found; the message lists them, one a line. */
export class ConfigError extends PosternError {
  constructor(readonly problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ setting, problem }) => `  ${setting} ${problem}`);
    const count = problems.length === 1 ? 'One setting is' : `${problems.length} settings are`;
    super('CONFIG_INVALID', `${count} wrong:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
  }
}
