// Writes test/data/arm-types.json anew, after infra/ has begun to use another type or api-version:
//   git clone --depth 1 https://github.com/Azure/bicep-types-az && node test/support/bicep/extract-arm-types.mjs bicep-types-az
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const [clone] = process.argv.slice(2);
if (clone === undefined) throw new Error('Say where the clone of Azure/bicep-types-az is');

const required = 1;
const readOnly = 2;
const shapes = [];
const places = new Map();

/** The place of a shape; one that is there already is not repeated. */
function place(shape) {
  const key = JSON.stringify(shape);
  if (!places.has(key)) places.set(key, shapes.push(shape) - 1);
  return places.get(key);
}

const indexOf = ({ $ref }) => Number($ref.split('/').at(-1));
const some = (type, ...names) =>
  Object.fromEntries(names.flatMap((name) => (name in type ? [[name, type[name]]] : [])));

/** A type that contains itself is not followed. */
function shapeOf(types, index, outer = []) {
  if (outer.includes(index)) return place({ t: 'any' });
  const type = types[index];
  const inner = (reference) => shapeOf(types, indexOf(reference), [...outer, index]);
  const properties = (all) =>
    Object.fromEntries(
      Object.entries(all)
        .filter(([name, { flags }]) => !(flags & readOnly) || (flags & required && !own.includes(name)))
        .map(([name, { type: reference, flags }]) => [
          `${name}${flags & required ? '!' : ''}`,
          inner(reference),
        ]),
    );
  switch (type.$type) {
    case 'StringType':
      return place({ t: 'string', ...some(type, 'minLength', 'maxLength', 'pattern') });
    case 'IntegerType':
      return place({ t: 'int', ...some(type, 'minValue', 'maxValue') });
    case 'BooleanType':
      return place({ t: 'bool' });
    case 'StringLiteralType':
      return place({ t: 'enum', v: [type.value] });
    case 'ArrayType':
      return place({ t: 'array', i: inner(type.itemType) });
    case 'UnionType':
      return place(unionOf(type.elements.map((reference) => types[indexOf(reference)])));
    case 'ObjectType': {
      const rest = type.additionalProperties ? { x: inner(type.additionalProperties) } : {};
      return place({ t: 'object', p: properties(type.properties), ...rest });
    }
    case 'DiscriminatedObjectType': {
      const of = Object.fromEntries(
        Object.entries(type.elements).map(([name, reference]) => [name, inner(reference)]),
      );
      return place({ t: 'choice', on: type.discriminator, p: properties(type.baseProperties), of });
    }
    default:
      return place({ t: 'any' });
  }
}

/** Told by the declaration of a resource, not inside it. */
const own = ['id', 'type', 'apiVersion'];

function unionOf(elements) {
  const literals = elements.filter(({ $type }) => $type === 'StringLiteralType');
  const isOpen = elements.some(({ $type }) => $type === 'StringType');
  if (literals.length + (isOpen ? 1 : 0) < elements.length) return { t: 'any' };
  return { t: 'enum', v: literals.map(({ value }) => value), ...(isOpen ? { open: true } : {}) };
}

/** What the templates name, as `Type@version`. */
function namedInInfra() {
  const files = readdirSync(join(root, 'infra'), { recursive: true }).filter((name) =>
    /\.(bicep|json)$/.test(name),
  );
  const texts = files.map((name) => readFileSync(join(root, 'infra', name), 'utf8'));
  const named = texts.flatMap((text) => [
    ...[...text.matchAll(/^\s*resource \w+ '([\w./]+@[\w-]+)'/gm)].map(([, type]) => type),
    ...[...text.matchAll(/"type": "([\w./]+)",\s*"apiVersion": "([\w-]+)"/g)].map(
      ([, type, version]) => `${type}@${version}`,
    ),
  ]);
  return [...new Set(named)].sort();
}

function typesFor(wanted) {
  const [type, version] = wanted.split('@');
  const namespace = type.split('/')[0].toLowerCase();
  const generated = join(clone, 'generated');
  for (const folder of readdirSync(generated)) {
    const path = join(generated, folder, namespace, version, 'types.json');
    if (!existsSync(path)) continue;
    const types = JSON.parse(readFileSync(path, 'utf8'));
    const found = types.find(
      ({ $type, name }) => $type === 'ResourceType' && name?.toLowerCase() === wanted.toLowerCase(),
    );
    if (found) return { found, types };
  }
  throw new Error(`${wanted} is not there`);
}

const types = namedInInfra().map((wanted) => {
  const { found, types: all } = typesFor(wanted);
  return [wanted, { writableScopes: found.writableScopes, body: shapeOf(all, indexOf(found.body)) }];
});
const commit = execFileSync('git', ['-C', clone, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
const source = {
  from: `Azure/bicep-types-az @ ${commit}`,
  license: 'MIT, Copyright (c) Microsoft Corporation',
  kind: 'the types of the resources in infra/: names, required ones with !, values; without what is read-only and without descriptions',
};
const lines = [
  `{ "_source": ${JSON.stringify(source, null, 1)},`,
  `"types": {\n${types.map(([name, type]) => `${JSON.stringify(name)}: ${JSON.stringify(type)}`).join(',\n')}\n},`,
  `"shapes": [\n${shapes.map((shape) => JSON.stringify(shape)).join(',\n')}\n]}`,
];
writeFileSync(join(root, 'test/data/arm-types.json'), `${lines.join('\n')}\n`);
