#!/usr/bin/env node
import { userInfo } from 'node:os';
import process from 'node:process';
import { createLiveAzure, createLivePolicy } from './live/live-azure';
import { createLiveDeployment } from './live/live-deployment';
import { createLiveDoctor } from './live/live-doctor';
import { createLiveWatch } from './live/live-wait';
import { createNodeHost } from './node-host';
import { printable } from './output';
import { runCli } from './run-cli';

// A closed pipe, as in `postern … | head`, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 2);
});

const printForPerson = (line: string): void => void process.stderr.write(printable(line));

const host = createNodeHost({
  stdout: process.stdout,
  stderr: process.stderr,
  live: () =>
    createLiveAzure({
      environment: process.env,
      onMalformed: printForPerson,
    }),
  livePolicy: (url) => createLivePolicy(url, process.env),
  deployment: () =>
    createLiveDeployment({
      environment: process.env,
      person: userInfo().username,
      logger: { info: () => undefined, warn: printForPerson, error: printForPerson },
    }),
  doctorSources: (settings) =>
    createLiveDoctor({ environment: { ...process.env, ...settings }, onMalformed: printForPerson }),
  watch: (watched) => createLiveWatch(watched, process.env),
});
process.exitCode = await runCli(process.argv.slice(2), host);
