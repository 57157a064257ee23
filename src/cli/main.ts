#!/usr/bin/env node
import process from 'node:process';
import { harmless } from '../audit/harmless';
import { createLiveAzure } from './live-azure';
import { createNodeHost } from './node-host';
import { runCli } from './run-cli';

// `postern … | head` ends early, and that is well.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 2);
});

const host = createNodeHost({
  stdout: process.stdout,
  stderr: process.stderr,
  live: () =>
    createLiveAzure({
      environment: process.env,
      onUnreadable: (problem) => process.stderr.write(`${harmless(problem)}\n`),
    }),
});
process.exitCode = await runCli(process.argv.slice(2), host);
