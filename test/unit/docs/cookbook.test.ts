import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readText } from '../../support/repo/infra';
import { fencedBlocks } from '../../support/repo/markdown';
import { projectRoot } from '../../support/repo/project';

// The cases themselves run in test/unit/policy/gallery.test.ts.
interface Named {
  readonly name: string;
}

const gallery = 'docs/examples/gallery';
const policies = readdirSync(join(projectRoot, gallery)).filter((name) => !name.endsWith('.cases.yaml'));
const sections = readText('docs/cookbook.md').split(/^## /m).slice(1);
const recipes = sections.filter((text) => text.includes('examples/gallery/') && text.includes('\ncases:\n'));

function fileOf(recipe: string): string {
  return /\[policy\]\((examples\/gallery\/[\w-]+\.yaml)\)/.exec(recipe)?.[1] ?? '';
}

test('each policy of the gallery is a recipe', () => {
  const named = recipes.map((text) => fileOf(text).replace('examples/gallery/', ''));
  expect(named.toSorted()).toEqual(policies.toSorted());
  expect(recipes.length).toBeGreaterThan(7);
});

test.each(recipes.map((text) => [text.split('\n')[0], text] as const))(
  '%s: shows rules and cases as they are',
  (_, text) => {
    const path = `docs/${fileOf(text)}`;
    const [rules, cases] = fencedBlocks({ path: '', text }).map(
      (block) => parse(block.text) as Record<string, Named[]>,
    );
    const policy = parse(readText(path)) as { rules: Named[] };
    const { cases: all } = parse(readText(path.replace('.yaml', '.cases.yaml'))) as { cases: Named[] };
    expect(policy.rules).toEqual(expect.arrayContaining(rules?.['rules'] ?? []));
    expect(all).toEqual(expect.arrayContaining(cases?.['cases'] ?? []));
    expect([rules?.['rules']?.length, cases?.['cases']?.length]).not.toContain(0);
  },
);
