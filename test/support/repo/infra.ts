import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project';

/**
 * A resource as the Bicep compiler predicts it. Values that only a deployment knows are expressions in
 * brackets.
 */
export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly location?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly identity?: { readonly userAssignedIdentities?: object };
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface Snapshot {
  readonly predictedResources: readonly Resource[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** A resource in a compiled template, where everything may be an expression. */
export interface TemplateResource {
  readonly type: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly existing?: boolean;
  readonly dependsOn?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Resources by symbol, or a list if there are no symbols. */
  readonly resources: Readonly<Record<string, TemplateResource>> | readonly TemplateResource[];
  readonly outputs?: Readonly<Record<string, unknown>>;
}

const folder = 'test/data/deployments';

/**
 * Returns the predicted result of a deployment with the parameters of this name. `npm run infra` updates it.
 */
export function snapshot(name: string): Snapshot {
  return JSON.parse(readText(`${folder}/${name}.snapshot.json`)) as Snapshot;
}

export function snapshotNames(): string[] {
  return readdirSync(join(projectRoot, folder))
    .filter((name) => name.endsWith('.snapshot.json'))
    .map((name) => name.replace('.snapshot.json', ''));
}

/** Returns the compiled templates that people deploy, and the one that the onboarding policy deploys. */
export function templates(): Record<string, Template> {
  const names = ['stage-one', 'events', 'onboarding'];
  const compiled = names.map(
    (name) => [name, JSON.parse(readText(`infra/terraform/${name}/template.json`))] as const,
  );
  const policy = JSON.parse(readText('infra/onboarding/events-template.json')) as Template;
  return { ...(Object.fromEntries(compiled) as Record<string, Template>), policy };
}

/** Returns a template and all templates nested in it. */
export function withNested(template: Template): Template[] {
  const nested = resourcesOf(template).flatMap(([, { type, properties }]) =>
    type === 'Microsoft.Resources/deployments' ? withNested(properties?.['template'] as Template) : [],
  );
  return [template, ...nested];
}

/** Returns the resources of a template with their symbols, or their indexes if they have none. */
export function resourcesOf({ resources }: Template): [symbol: string, TemplateResource][] {
  return Object.entries(resources);
}

export function ofType(resources: readonly Resource[], type: string): Resource[] {
  return resources.filter((resource) => resource.type === type);
}

/** Returns the app settings of the function app. */
export function settingsOf({ predictedResources }: Snapshot): Record<string, string> {
  const [app] = ofType(predictedResources, 'Microsoft.Web/sites');
  const { appSettings } = app?.properties?.['siteConfig'] as {
    appSettings: { name: string; value: string }[];
  };
  return Object.fromEntries(appSettings.map(({ name, value }) => [name, value]));
}

/** Returns a text file of the project, by its path from the root. */
export function readText(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8');
}
