import { diskOutputFiles } from './disk-output-files';
import { isUrl } from './load-policy';
import type { NodePorts } from './node-host';

/** Tools that read nothing but files, and those of the command line itself. */
const offlineTools = ['validate', 'test', 'schema', 'completion', 'help', '--help', '-h', '--version', '-V'];

/** Tells whether a command line, and POLICY_PATH, need nothing of Azure: its code is not loaded then, which takes most of a second. */
export function isOffline([tool = 'help', ...rest]: readonly string[], policyPath = ''): boolean {
  const paths = [policyPath, ...rest.map((argument) => argument.replace(/^--[a-z-]+=/, ''))];
  return offlineTools.includes(tool) && !paths.some(isUrl);
}

/** Returns ports for tools that need none of them. @throws (the ports) Error: a defect, because `isOffline` said so */
export function offlinePorts(): NodePorts {
  const never = (): never => {
    throw new Error('a tool that works offline asked for Azure');
  };
  return {
    ...{ live: never, livePolicy: never, deployment: never, records: never, doctorSources: never },
    ...{ withOwnTypes: never, announcements: never, typeInfos: never, watch: never },
    outputFiles: diskOutputFiles,
    report: { ledger: never, page: never },
  };
}
