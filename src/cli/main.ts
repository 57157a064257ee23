#!/usr/bin/env node
import { userInfo } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { PosternError } from '../base/errors';
import type { Environment } from '../config/config';
import { diskOutputFiles } from './disk-output-files';
import { openDiskAnnouncements } from './expect/disk-announcements';
import { openBlobAnnouncements } from './live/live-announcements';
import { createLiveAzure, createLivePolicy } from './live/live-azure';
import { createLiveDeployment } from './live/live-deployment';
import { createLiveDoctor } from './live/live-doctor';
import { createLiveLedger } from './live/live-ledger';
import { createLiveRecords } from './live/live-records';
import { readTypeInfos } from './live/live-types';
import { withOwnTypes, withOwnTypesOf } from './live/own-types';
import { createLiveWatch } from './live/live-wait';
import { isUrl } from './load-policy';
import { createNodeHost } from './node-host';
import { printable } from './output';
import { readReportPage } from './report/report-page';
import { runCli } from './run-cli';

// A closed pipe, as in `postern … | head`, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 2);
});

const printForPerson = (line: string): void => void process.stderr.write(printable(line));

function policyPathOf({ POLICY_PATH }: Environment): string | undefined {
  const path = POLICY_PATH?.trim() ?? '';
  return path === '' ? undefined : path;
}

/** The settings, with what the table of one's own adds to them. */
let environment: Environment = process.env;

const host = createNodeHost({
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  live: () =>
    createLiveAzure({
      environment,
      onMalformed: printForPerson,
    }),
  livePolicy: (url) => createLivePolicy(url, environment),
  deployment: () =>
    createLiveDeployment({
      environment,
      person: userInfo().username,
      logger: { info: () => undefined, warn: printForPerson, error: printForPerson },
    }),
  records: () => createLiveRecords(environment),
  policyPath: policyPathOf(process.env),
  doctorSources: (settings) =>
    createLiveDoctor({ environment: { ...environment, ...settings }, onMalformed: printForPerson }),
  withOwnTypes: (settings) => withOwnTypesOf(settings, environment),
  announcements: (path) =>
    isUrl(path) ? openBlobAnnouncements(path, environment) : openDiskAnnouncements(path),
  outputFiles: diskOutputFiles,
  typeInfos: readTypeInfos,
  watch: (watched) => createLiveWatch(watched, environment),
  report: {
    ledger: () => createLiveLedger(environment),
    // Beside the bundle of the tools, where the build puts it.
    page: () => readReportPage(fileURLToPath(new URL('../report/page.html', import.meta.url))),
  },
});
try {
  environment = await withOwnTypes(process.env);
  process.exitCode = await runCli(process.argv.slice(2), host);
} catch (error) {
  if (!(error instanceof PosternError)) throw error;
  error.message.split('\n').forEach(printForPerson);
  process.exitCode = 2;
}
