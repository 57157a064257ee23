import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { calledFile, propertyOf } from './checks/modules';
import { evaluate, iterations, withLocals, type Scope } from './evaluate';
import type { Callback } from './functions';
import { statementsOf, type BicepFile } from './parse-file';
import { resolved, targetScopeOf, type BicepProject } from './project';
import type { Expression, Module, ObjectNode, Position, Resource } from './syntax';
import { isObject, Reference, Unknown, type Value } from './values';

/** A resource as a deployment would send it, as far as that is known here. */
export interface Deployed {
  /** The full type, e.g. `Microsoft.Storage/storageAccounts/blobServices`. */
  readonly type: string;
  readonly apiVersion: string;
  readonly existing: boolean;
  /** Everything in its braces: name, properties, … */
  readonly body: { readonly [name: string]: Value };
  /** Where it is deployed to, e.g. `resourceGroup`. */
  readonly targetScope: string;
  /** Whether only something unknown decides that it is deployed at all. */
  readonly conditional: boolean;
  readonly path: string;
  readonly symbol: string;
  readonly at: Position;
}

export interface Deployment {
  readonly resources: readonly Deployed[];
  readonly outputs: { readonly [name: string]: Value };
}

type Given = Readonly<Record<string, Value>>;

/** What a template and its modules deploy with these parameters and the defaults of the others. */
export function deploymentOf(project: BicepProject, path: string, given: Given = {}): Deployment {
  const file = project.files.get(path);
  if (file === undefined) throw new Error(`${path} is not there`);
  return new Template(project, file, given).deployed();
}

class Template {
  private readonly resources: Deployed[] = [];
  private readonly outputsOf = new Map<string, { readonly [name: string]: Value }>();
  private readonly known = new Map<string, Value>();
  private readonly scope: Scope;

  constructor(
    private readonly project: BicepProject,
    private readonly file: BicepFile,
    private readonly given: Given,
  ) {
    this.scope = {
      valueOf: (name) => this.valueOf(name),
      functionOf: (name) => this.functionOf(name),
      load: (how, from) => loaded(this.project, this.file, how, from),
    };
  }

  deployed(): Deployment {
    for (const module of statementsOf(this.file, 'module')) this.module(module);
    for (const resource of statementsOf(this.file, 'resource')) this.resource(resource, undefined);
    const outputs = statementsOf(this.file, 'output').map(({ name, value }) => [
      name,
      evaluate(value, this.scope),
    ]);
    return { resources: this.resources, outputs: Object.fromEntries(outputs) as Given };
  }

  private module(module: Module): void {
    const called = calledFile(this.project, this.file, module);
    if (called === undefined) return;
    for (const { body, scope, conditional } of this.turnsOf(module.body, this.scope, false)) {
      const params = propertyOf(body, 'params');
      const given = params === undefined ? {} : evaluate(params.value, scope);
      const inner = new Template(this.project, called, isObject(given) ? given : {}).deployed();
      this.outputsOf.set(module.name, inner.outputs);
      this.resources.push(
        ...inner.resources.map((one) => ({ ...one, conditional: one.conditional || conditional })),
      );
    }
  }

  private resource(resource: Resource, outer: { type: string; apiVersion: string } | undefined): void {
    const type = outer === undefined ? resource.type : `${outer.type}/${resource.type}`;
    const apiVersion = resource.apiVersion ?? outer?.apiVersion ?? '';
    for (const { body, scope, conditional } of this.turnsOf(resource.body, this.scope, false)) {
      const value = evaluate(body, scope);
      const { existing, name: symbol, at } = resource;
      const targetScope = targetScopeOf(this.file);
      if (isObject(value))
        this.resources.push({
          type,
          apiVersion,
          existing,
          body: value,
          targetScope,
          conditional,
          path: this.file.path,
          symbol,
          at,
        });
      for (const entry of body.entries)
        if (entry.kind === 'resource') this.resource(entry, { type, apiVersion });
    }
  }

  /** Each object that a body comes to: none if its condition is false, one for each turn of its loop. */
  private turnsOf(body: Expression, scope: Scope, conditional: boolean): Turn[] {
    if (body.kind === 'object') return [{ body, scope, conditional }];
    if (body.kind === 'loop')
      return iterations(body.names, evaluate(body.source, scope), scope).flatMap((inner) =>
        this.turnsOf(body.body, inner, conditional),
      );
    if (body.kind !== 'if') return [];
    const condition = evaluate(body.condition, scope);
    return condition === false ? [] : this.turnsOf(body.body, scope, conditional || condition !== true);
  }

  private valueOf(name: string): Value | undefined {
    const before = this.known.get(name);
    if (before !== undefined) return before;
    const value = this.freshValueOf(name);
    if (value !== undefined) this.known.set(name, value);
    return value;
  }

  private freshValueOf(name: string): Value | undefined {
    const statement = this.file.statements.find((one) => one.name === name && one.kind !== 'output');
    switch (statement?.kind) {
      case 'param': {
        const given = this.given[name];
        if (given !== undefined) return given;
        if (statement.default) return evaluate(statement.default, this.scope);
        return statement.type.nullable ? null : new Unknown(name);
      }
      case 'var':
        return evaluate(statement.value, this.scope);
      case 'resource':
        return new Reference(name, (member) => this.memberOf(statement, member));
      case 'module':
        return new Reference(name, (member) => this.outputs(name, member));
      case 'import':
        return this.imported(statement.path, statement.original);
      default:
        return undefined;
    }
  }

  private memberOf({ body, name, type, apiVersion }: Resource, member: string): Value {
    if (member === 'type') return type;
    if (member === 'apiVersion') return apiVersion ?? null;
    const [turn] = this.turnsOf(body, this.scope, false);
    const property = member === 'name' && turn ? propertyOf(turn.body, 'name') : undefined;
    return property && turn ? evaluate(property.value, turn.scope) : new Unknown(`${name}.${member}`);
  }

  private outputs(module: string, member: string): Value {
    if (member !== 'outputs') return new Unknown(`${module}.${member}`);
    return new Reference(`${module}.outputs`, (output) => {
      return this.outputsOf.get(module)?.[output] ?? new Unknown(`${module}.outputs.${output}`);
    });
  }

  private imported(from: string, original: string): Value | undefined {
    const file = this.project.files.get(resolved(this.file.path, from));
    return file && original !== '*' ? new Template(this.project, file, {}).valueOf(original) : undefined;
  }

  private functionOf(name: string): Callback | undefined {
    const own = statementsOf(this.file, 'func').find((one) => one.name === name);
    if (own !== undefined) {
      const names = own.parameters.map((parameter) => parameter.name);
      return (...args) => evaluate(own.body, withLocals(this.scope, names, args));
    }
    const imported = statementsOf(this.file, 'import').find((one) => one.name === name);
    const file = imported && this.project.files.get(resolved(this.file.path, imported.path));
    return file && imported && new Template(this.project, file, {}).functionOf(imported.original);
  }
}

interface Turn {
  readonly body: ObjectNode;
  readonly scope: Scope;
  readonly conditional: boolean;
}

function loaded(project: BicepProject, file: BicepFile, how: string, path: string): Value {
  const text = readFileSync(join(project.root, resolved(file.path, path)), 'utf8');
  if (how === 'loadTextContent') return text;
  return (how === 'loadJsonContent' ? JSON.parse(text) : parse(text)) as Value;
}
