// Reads Microsoft's reference of the Azure CLI: the options of each command.
import { parse } from 'yaml';

/**
 * Returns the options of each command in one group's file of MicrosoftDocs/azure-docs-cli, by name.
 * @param text a file such as docs-ref-autogen/Latest-version/latest/deployment/sub.yml
 */
export function commandsIn(text) {
  const { directCommands = [] } = parse(text.replace(/^### .*\n/, ''));
  return Object.fromEntries(
    directCommands.map(
      ({ name, sourceType, requiredParameters = [], optionalParameters = [], globalParameters = [] }) => {
        const all = [...requiredParameters, ...optionalParameters, ...globalParameters];
        const options = all.flatMap(({ name: names }) =>
          names.split(/\s+/).filter((one) => one.startsWith('-')),
        );
        const required = requiredParameters.map(({ name: names }) =>
          names.split(/\s+/).filter((one) => one.startsWith('-')),
        );
        return [
          name.replace(/^az /, ''),
          {
            ...(sourceType === 'Core' ? {} : { from: sourceType }),
            options: [...new Set(options)].sort(),
            required: required.filter((names) => names.length > 0),
          },
        ];
      },
    ),
  );
}
