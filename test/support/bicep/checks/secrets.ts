import { statementsOf } from '../parse-file';
import { findingOf, type BicepProject, type Finding } from '../project';
import { readText } from './paths';

/** What would read, carry or print a secret. */
const forbidden: readonly (readonly [RegExp, string])[] = [
  [/\blist(?:Keys|ConnectionStrings|AccountSas|ServiceSas|Secrets|HostKeys|Credentials)\b/i, 'reads keys'],
  [/\b(?:AccountKey|SharedAccessKey(?!Name)|SharedAccessSignature)\s*=/i, 'carries a key'],
  [/[?&]sig=/i, 'carries a signature'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY/, 'carries a private key'],
];

/** No secret is in the templates, none is read by them, and none has a default. */
export function secretFindings(project: BicepProject): Finding[] {
  const paths = [...project.files.keys(), ...project.parameterFiles.keys(), ...project.others];
  return [...paths.flatMap((path) => textFindings(project, path)), ...secureFindings(project)];
}

function textFindings(project: BicepProject, path: string): Finding[] {
  return readText(project, path)
    .split('\n')
    .flatMap((text, index) =>
      forbidden.flatMap(([pattern, message]) => {
        const column = text.search(pattern) + 1;
        return column === 0 ? [] : [findingOf(path, { line: index + 1, column }, message)];
      }),
    );
}

function secureFindings({ files }: BicepProject): Finding[] {
  return [...files.values()].flatMap((file) =>
    statementsOf(file, 'param').flatMap((parameter) => {
      const { name, at, decorators, type } = parameter;
      const isSecure = decorators.some((one) => one.name === 'secure') || /^secure/.test(type.text);
      const value = parameter.default;
      const isEmpty = value?.kind === 'text' && value.parts.join('') === '' && value.holes.length === 0;
      if (isSecure && value !== undefined && !isEmpty)
        return [findingOf(file.path, at, `secure parameter ${name} has a default`)];
      if (!isSecure && /password|secret|apiKey|accessKey/i.test(name))
        return [findingOf(file.path, at, `parameter ${name} is not secure`)];
      return [];
    }),
  );
}
