import { parseArgs } from 'node:util';
import { policySchema } from '../../policy/file/policy-schema';
import type { Command } from '../cli-host';
import { printJson } from '../output';

export const schema: Command = {
  summary: 'print the JSON Schema of a policy file, for editors',
  help: `Usage: postern schema > policy.schema.json

Prints the JSON Schema of a policy file. Editors complete and check a file that begins with
# yaml-language-server: $schema=./policy.schema.json

Options:
  --json    for machines (it always is)
  --help    this text`,

  async run(args, host) {
    parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
    await printJson(host, policySchema());
    return 0;
  },
};
