import { expectedSchema } from '../../policy/expected/expected-schema';
import { policySchema } from '../../policy/file/policy-schema';
import type { Command, ToolOptions } from '../cli-host';
import { printJson } from '../output';
import { readOptions } from '../tool-options';

const options = { expected: { type: 'boolean' }, json: { type: 'boolean' } } as const satisfies ToolOptions;

/** The tool `postern schema`: prints the JSON Schema of a policy file. */
export const schema: Command = {
  summary: 'print the JSON Schema of a policy file, for editors',
  options,
  help: `Usage: postern schema [--expected] > policy.schema.json

Prints the JSON Schema of a policy file, or of a file of announced requests. Editors with a YAML language server complete
and check a file that begins with
# yaml-language-server: $schema=./policy.schema.json

Options:
  --expected  the schema of a file of announced requests
  --json      JSON output (the default, and the only format)
  --help      show this help`,

  async run(args, host) {
    const { values } = readOptions(args, options);
    await printJson(host, values.expected === true ? expectedSchema() : policySchema());
    return 0;
  },
};
