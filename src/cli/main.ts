#!/usr/bin/env node
import process from 'node:process';
import { PosternError } from '../base/errors';
import type { Environment } from '../config/config';
import { createNodeHost, type NodePorts } from './node-host';
import { isOffline, offlinePorts } from './offline';
import { printable } from './output';
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

async function loadPorts(args: readonly string[], environment: Environment): Promise<NodePorts> {
  if (isOffline(args, environment['POLICY_PATH']?.trim())) return offlinePorts();
  const { createLivePorts } = await import('./live/live-ports');
  // Beside the bundle of the tools, where the build puts it.
  const reportPage = new URL('../report/page.html', import.meta.url);
  return createLivePorts({ environment: () => environment, printForPerson, reportPage });
}

/** Returns the settings, with what the table of one's own adds to them. @throws PosternError CONFIG_INVALID */
async function readEnvironment(): Promise<Environment> {
  if ((process.env['TARGET_TYPES_PATH']?.trim() ?? '') === '') return process.env;
  const { withOwnTypes } = await import('./live/own-types');
  return withOwnTypes(process.env);
}

const args = process.argv.slice(2);
try {
  const environment = await readEnvironment();
  const { stdout, stderr, stdin } = process;
  const ports = await loadPorts(args, environment);
  const host = createNodeHost({ ...ports, stdout, stderr, stdin, policyPath: policyPathOf(process.env) });
  process.exitCode = await runCli(args, host);
} catch (error) {
  if (!(error instanceof PosternError)) throw error;
  error.message.split('\n').forEach(printForPerson);
  process.exitCode = 2;
}
