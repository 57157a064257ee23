import { join } from 'node:path';

/** A built app that a bench runs. */
export interface AppBuild {
  /** Its name in tables. */
  readonly name: string;
  /** The folder with its package.json and host.json. */
  readonly directory: string;
  /** A policy that it can read and that approves what the bench asks for. */
  readonly policyPath: string;
}

/** Returns the app of this working tree. */
export function presentBuild(root: string): AppBuild {
  return { name: 'Postern', directory: root, policyPath: demonstrationPolicy(root) };
}

/** Returns the place of the policy of `npm start` below a version's folder. */
export function demonstrationPolicy(folder: string): string {
  return join(folder, 'dev/start/policy');
}
