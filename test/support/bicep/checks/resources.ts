import { statementsOf, type BicepFile } from '../parse-file';
import { findingOf, type BicepProject, type Finding } from '../project';
import type { Expression, Resource } from '../syntax';
import { bodiesOf, nestedResources } from '../uses';
import { propertyOf } from './modules';

/** A resource has a name, an api-version, and a parent that its type can have. */
export function resourceFindings({ files }: BicepProject): Finding[] {
  return [...files.values()].flatMap((file) =>
    statementsOf(file, 'resource').flatMap((resource) => [
      ...findingsOf(file, resource, undefined),
      ...nestedResources(resource).flatMap((inner) => findingsOf(file, inner, resource)),
    ]),
  );
}

function findingsOf(file: BicepFile, resource: Resource, outer: Resource | undefined): Finding[] {
  const told = (message: string): Finding => findingOf(file.path, resource.at, message);
  if (outer === undefined && resource.apiVersion === undefined)
    return [told(`${resource.name} has no api-version`)];
  return bodiesOf(resource.body).flatMap((body) => {
    const name = propertyOf(body, 'name')?.value;
    if (name === undefined) return [told(`${resource.name} has no name`)];
    if (outer !== undefined) return [];
    const parent = propertyOf(body, 'parent')?.value;
    return parent === undefined
      ? segmentFindings(resource, name).map(told)
      : parentFindings(file, resource, parent).map(told);
  });
}

/** Without a parent the name has as many parts as the type: `a/b` of `P/x/y`. */
function segmentFindings({ name: symbol, type }: Resource, name: Expression): string[] {
  if (name.kind !== 'text') return [];
  const wanted = type.split('/').length - 1;
  const given = name.parts.join('').split('/').length;
  return given === wanted ? [] : [`the name of ${symbol} has ${given} parts, its type ${wanted}`];
}

function parentFindings(file: BicepFile, { name, type }: Resource, parent: Expression): string[] {
  const symbol = parent.kind === 'index' ? parent.object : parent;
  const all = statementsOf(file, 'resource').flatMap((one) => [one, ...nestedResources(one)]);
  const wanted = symbol.kind === 'name' || symbol.kind === 'nested' ? symbol.name : '';
  const found = all.find((one) => one.name === wanted);
  if (found === undefined) return [`the parent of ${name} is no resource`];
  const outer = type.split('/').slice(0, -1).join('/');
  // A nested one's full type is not written out.
  if (symbol.kind === 'nested' || found.type.toLowerCase() === outer.toLowerCase()) return [];
  return [`${name} is a ${type} and cannot be in a ${found.type}`];
}
