import { version } from '../../package.json';

/** The version of these tools. */
export const posternVersion: string = version;
