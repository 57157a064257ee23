import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../config/config';
import { diskOutputFiles } from '../disk-output-files';
import { openDiskAnnouncements } from '../expect/disk-announcements';
import { isUrl } from '../load-policy';
import type { NodePorts } from '../node-host';
import { readReportPage } from '../report/report-page';
import { openBlobAnnouncements } from './live-announcements';
import { createLiveAzure, createLivePolicy } from './live-azure';
import { createLiveDeployment } from './live-deployment';
import { createLiveDoctor } from './live-doctor';
import { createLiveLedger } from './live-ledger';
import { createLiveRecords } from './live-records';
import { readTypeInfos } from './live-types';
import { withOwnTypesOf } from './own-types';
import { createLiveWatch } from './live-wait';

/** What the ports need of the process. */
export interface LivePortsOptions {
  /** Returns the settings, with what the table of one's own adds to them. */
  readonly environment: () => Environment;
  readonly printForPerson: (line: string) => void;
  /** Where the page of reports stands. */
  readonly reportPage: URL;
}

/** Creates the ports that connect to Azure. Each connects when a tool needs it. */
export function createLivePorts({ environment, printForPerson, reportPage }: LivePortsOptions): NodePorts {
  return {
    live: () => createLiveAzure({ environment: environment(), onMalformed: printForPerson }),
    livePolicy: (url) => createLivePolicy(url, environment()),
    deployment: () =>
      createLiveDeployment({
        environment: environment(),
        person: userInfo().username,
        logger: { info: () => undefined, warn: printForPerson, error: printForPerson },
      }),
    records: () => createLiveRecords(environment()),
    doctorSources: (settings) =>
      createLiveDoctor({ environment: { ...environment(), ...settings }, onMalformed: printForPerson }),
    withOwnTypes: (settings) => withOwnTypesOf(settings, environment()),
    announcements: (path) =>
      isUrl(path) ? openBlobAnnouncements(path, environment()) : openDiskAnnouncements(path),
    outputFiles: diskOutputFiles,
    typeInfos: readTypeInfos,
    watch: (watched) => createLiveWatch(watched, environment()),
    report: {
      ledger: () => createLiveLedger(environment()),
      page: () => readReportPage(fileURLToPath(reportPage)),
    },
  };
}
