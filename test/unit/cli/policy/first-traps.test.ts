import { runTool } from '../../../support/rigs/cli';

const policyOf = (when: string, effect = 'hold'): string =>
  `version: 1\nmode: enforce\nrules:\n  - name: rule\n    effect: ${effect}\n    when: ${when}\n`;
const caseOf = (effect: string, facts: string): string =>
  `cases:\n  - name: a case\n    effect: ${effect}\n    facts: ${facts}\n`;

/** Runs `test` with one rule and one case; returns the decision of the case. */
async function decided(when: string, facts = '{}'): Promise<string> {
  const files = { 'p.yaml': policyOf(JSON.stringify(when)), 'p.cases.yaml': caseOf('hold', facts) };
  const { output } = await runTool(['test', 'p.yaml', '--json'], { files });
  const { cases } = JSON.parse(output.join('\n')) as { cases: { got: { reason: string } }[] };
  return cases[0]?.got.reason ?? '';
}

describe('a check for a tag in a test case', () => {
  test.each([
    'has(target.tags.env)',
    'has(endpoint.tags.env)',
    'has(target.tags.env) && target.tags.env == "prod"',
    '"cost-center" in target.tags',
    'has(target.tags)',
    'has(endpoint.tags)',
    'has(target.tags) && target.tags.env == "prod"',
    '!(!has(target.tags.env))',
  ])('%s is false where the case says nothing of tags', async (when) => {
    expect(await decided(when)).toBe('No rule matched');
  });

  test('for a tag of the requester’s subscription is false only if somebody of ours asks', async () => {
    const when = 'has(requester.subscriptionTags.env)';
    expect(await decided(when, '{endpoint: {tenant: own}}')).toBe('No rule matched');
    expect(await decided(when)).toContain('could not be evaluated');
  });

  test.each([
    ['target.tags.env == "prod"', '{}'],
    ['has(target.tags.env)', '{target: {tags: null}}'],
    ['has(endpoint.tags.env)', '{endpoint: {tags: null}}'],
    ['has(endpoint.tags.env)', '{endpoint: null}'],
    ['target.tags.size() == 0 && target.location == "x"', '{}'],
  ])('%s with %s still fails', async (when, facts) => {
    expect(await decided(when, facts)).toContain('could not be evaluated');
  });

  test('approves nobody who is let in only because a tag is missing that a stranger’s case lacks, too', async () => {
    const files = {
      'p.yaml': policyOf('"!has(endpoint.tags.env)"', 'approve'),
      'p.cases.yaml': caseOf('approve', '{}'),
    };
    const { exitCode, output } = await runTool(['test', 'p.yaml'], { files });
    expect(exitCode).toBe(1);
    expect(output.join('\n')).toContain('STRANGER');
  });
});

describe('explain with a file', () => {
  const files = {
    'p.yaml': policyOf(
      'has(target.tags.env) && endpoint.name == "pe-web" && consumer.approved < 3',
      'approve',
    ),
    'f.yaml': 'endpoint: { name: pe-web }\ntarget: { tags: { env: test } }\n',
  };

  test('takes facts that leave out what a test case may leave out, and says what was made up', async () => {
    const { exitCode, output } = await runTool(['explain', '--policy', 'p.yaml', 'f.yaml'], { files });
    expect(exitCode).toBe(0);
    expect(output).toContain('Outcome     approve by rule: Rule rule matched');
    expect(output).toContain(
      'Note        made up, as in test cases: connection.id, connection.status, endpoint.subscriptionId, endpoint.tags, target.type, target.name, consumer',
    );
  });

  test.each(['', '# nothing\n', 'connection:\n'])(
    'does not make up a whole connection from %j',
    async (text) => {
      const { exitCode, errors } = await runTool(['explain', '--policy', 'p.yaml', 'f.yaml'], {
        files: { ...files, 'f.yaml': text },
      });
      expect(exitCode).toBe(2);
      expect(errors[0]).toMatch(/connection/);
    },
  );

  const real = {
    id: '/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv/privateEndpointConnections/c',
    properties: {
      privateLinkServiceConnectionState: { status: 'Pending' },
      privateEndpoint: {
        id: '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe-web',
      },
    },
  };

  test('says that a real connection’s file has no counts, if a rule reads them', async () => {
    const bare = await runTool(['explain', '--policy', 'p.yaml', 'f.json'], {
      files: { ...files, 'f.json': JSON.stringify(real) },
    });
    expect(bare.output).toContain(
      'Note        this file has no tags of the target: add them, such as --target-tag env=prod',
    );
    const args = ['explain', '--policy', 'p.yaml', 'f.json', '--target-tag', 'env=test'];
    const { output } = await runTool(args, { files: { ...files, 'f.json': JSON.stringify(real) } });
    expect(output).toContain(
      'Note        this file has no counts: state them, such as `consumer: { approved: 1 }`',
    );
    expect(output.join('\n')).toContain('`consumer.approved` is absent');
    const json = await runTool([...args, '--json'], { files: { ...files, 'f.json': JSON.stringify(real) } });
    expect(JSON.parse(json.output.join('\n'))).toMatchObject({
      notes: ['this file has no counts: state them, such as `consumer: { approved: 1 }`'],
    });
  });

  test('says nothing of counts that no rule reads', async () => {
    const { output } = await runTool(['explain', '--policy', 'p.yaml', 'f.json'], {
      files: { 'p.yaml': policyOf('endpoint.name == "x"'), 'f.json': JSON.stringify(real) },
    });
    expect(output.join('\n')).not.toContain('Note');
  });
});
