import type { Running } from '../second-terminal/running-file';

/** Returns what to do with the running system, in a few short lines. The rest stays reachable by a command. */
export function nextSteps({ page }: Pick<Running, 'page'>): string {
  return `Everything keeps running until Ctrl-C. Now you can, in a second terminal:
  npm start -- ask kv-payments   request a connection and watch Postern answer it
  npm start -- tools             print the settings for show, undo and other tools
  npm start -- curl              print how curl and the Azure CLI reach this Azure
Answer what is held in the console, as Anna Approver (Vera Viewer only reads,
Otto Operator retries):
  ${page}
`;
}
