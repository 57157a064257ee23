import { expectedSchema } from '../../policy/expected/expected-schema';
import { policySchema } from '../../policy/file/policy-schema';
import { CliError, type Command, type ToolOptions } from '../cli-host';
import { printJson } from '../output';
import { casesFileSchema } from './policy-cases';
import { readOptions } from '../tool-options';

const options = {
  cases: { type: 'boolean' },
  expected: { type: 'boolean' },
  json: { type: 'boolean' },
} as const satisfies ToolOptions;

/** The tool `postern schema`: prints the JSON Schema of a policy file. */
export const schema: Command = {
  summary: 'print the JSON Schema of a policy file, for editors',
  options,
  help: `Usage: postern schema [--cases | --expected] > policy.schema.json

Prints the JSON Schema of a policy file, of a file of test cases, or of one of announced requests. Editors with a YAML language server complete
and check a file that begins with
# yaml-language-server: $schema=./policy.schema.json

Options:
  --cases     the schema of a file of test cases
  --expected  the schema of a file of announced requests
  --json      JSON output (the default, and the only format)
  --help      show this help`,

  async run(args, host) {
    const { values } = readOptions(args, options);
    if (values.cases === true && values.expected === true)
      throw new CliError('pass --cases or --expected, not both');
    await printJson(
      host,
      values.cases === true
        ? casesFileSchema()
        : values.expected === true
          ? expectedSchema()
          : policySchema(),
    );
    return 0;
  },
};
