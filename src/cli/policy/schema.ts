import { parseArgs } from 'node:util';
import { policySchema } from '../../policy/file/policy-schema';
import type { Command } from '../cli-host';
import { printJson } from '../output';

/** The tool `postern schema`: prints the JSON Schema of a policy file. */
export const schema: Command = {
  summary: 'print the JSON Schema of a policy file, for editors',
  help: `Usage: postern schema > policy.schema.json

Prints the JSON Schema of a policy file. Editors with a YAML language server complete and check a file that begins with
# yaml-language-server: $schema=./policy.schema.json

Options:
  --json    JSON output (the default, and the only format)
  --help    show this help`,

  async run(args, host) {
    parseArgs({ args: [...args], options: { json: { type: 'boolean' } } });
    await printJson(host, policySchema());
    return 0;
  },
};
