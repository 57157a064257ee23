import type { Running } from '../second-terminal/running-file';

/** Returns commands, ready to paste, that look at this system with the tools, and take back what a rule has approved. */
export function toolsHelp({ toolSettings }: Pick<Running, 'toolSettings'>): string {
  const settings = Object.entries(toolSettings).map(([name, value]) => `${name}='${value}'`);
  return `Look at it with the tools, and take back what the rule landing-zones approved:

export ${settings.join(' ')}
node dist/dev/postern.mjs show kv-payments/pe-checkout
node dist/dev/postern.mjs undo --rule landing-zones --since 1h
node dist/dev/postern.mjs undo --rule landing-zones --since 1h --yes
`;
}
