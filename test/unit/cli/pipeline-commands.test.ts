import fc from 'fast-check';
import { watchThrough } from '../../../src/cli/live/live-wait';
import { printable, printErrorLines, printJson, printLines, safeJson, table } from '../../../src/cli/output';
import { createArmClient } from '../../../src/azure/arm/client';
import { hostileText } from '../../support/arbitraries/hostile-text';
import { runTool } from '../../support/rigs/cli';
import { FakeClock } from '../../support/fakes/fake-clock';
import { commandsIn } from '../../support/repo/pipeline-runners';
import { createScriptedClient } from '../../support/http/scripted-arm';

const attacks = [
  '##vso[task.setvariable variable=endpointId]/attacker',
  'ok ##vso[task.setvariable variable=id;isOutput=true]x ##[set-output name=id]evil',
  '##VSO[task.prependpath]/tmp',
  '###vso[a.b]',
  '##[error]no',
  '::set-output name=id::evil',
  '   ::add-mask::x',
  '\t::error::x',
  '\u00a0::stop-commands::x',
  '#\u17b4#vso[task.complete result=Succeeded]',
  ':\u17b4:error::x',
  '\u17b4::error::x',
  "##teamcity[setParameter name='a' value='b']",
  '##octopus[setVariable]',
  'x\n::error::y',
  'x\r::error::y',
  '\u200b::error::x',
  '#\u0591#vso[task.complete]',
  '\u0640::error::x',
  '##v\u0301so[task.complete]',
];
const hostileOutput = fc.oneof(
  fc.constantFrom(...attacks),
  fc
    .array(
      fc.constantFrom(
        '#',
        '##',
        'vso',
        '[',
        '##[',
        '##vso[',
        ':',
        '::',
        ' ',
        '\n',
        ']',
        'a',
        '\u17b5',
        '\u00ad',
        '\u0300',
        '\u0640',
      ),
      {
        maxLength: 12,
      },
    )
    .map((pieces) => pieces.join('')),
  hostileText,
);

async function printed(print: (host: never) => Promise<void>): Promise<string> {
  const texts: string[] = [];
  const write = async (text: string) => void texts.push(text);
  await print({ write, writeError: write } as never);
  return texts.join('');
}

test('the model of the runners finds each of the attacks', () => {
  for (const attack of attacks) expect(commandsIn(attack)).not.toEqual([]);
});

test('whatever the texts are, no line of any format becomes a command of a pipeline', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hostileOutput, { maxLength: 4 }), async (texts) => {
      const value = { [texts[0] ?? 'a']: texts, nested: { texts: [texts] } };
      const outputs = [
        await printed((host) => printLines(host, texts)),
        await printed((host) => printErrorLines(host, texts)),
        await printed((host) => printJson(host, value)),
        await printed((host) => printLines(host, table([texts, texts]))),
        `${safeJson(value, 0)}\n`,
      ];
      for (const output of outputs) expect(commandsIn(output)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('JSON is the same value, whatever was spelled out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(hostileOutput), async (texts) => {
      expect(JSON.parse(await printed((host) => printJson(host, { texts })))).toEqual({ texts });
    }),
  );
});

test('what is no command is shown as it is', () => {
  for (const text of ['CHG#1234 for ##1', 'a::b', '## heading', 'x ::y', '[##]', 'std::vector', 'C#[0]'])
    expect(printable(text)).toBe(`${text}\n`);
  expect(printable('ok ##vso[task.complete]')).toBe('ok \\u{23}#vso[task.complete]\n');
  expect(printable('  ::error::x')).toBe('  \\u{3a}:error::x\n');
});

const endpointId =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe';
const connectionId =
  '/subscriptions/99999999-9999-9999-9999-999999999999/resourceGroups/rg-shared/providers/Microsoft.KeyVault/vaults/kv-shop/privateEndpointConnections/kv-shop.1';

function endpointWith(description: string, name: string): object {
  const privateLinkServiceConnectionState = { status: 'Approved', description };
  const link = { name, properties: { privateLinkServiceId: 'x', privateLinkServiceConnectionState } };
  return { properties: { provisioningState: 'Succeeded', manualPrivateLinkServiceConnections: [link] } };
}

/** All that a tool printed, on both streams. */
async function toldBy(args: readonly string[], world: Parameters<typeof runTool>[1]): Promise<string> {
  const { output, errors } = await runTool(args, world);
  return [...output, ...errors].join('\n');
}

describe.each([['for people', []] as const, ['as JSON', ['--json']] as const])('%s', (_, options) => {
  test.each(attacks)('wait does not hand on %j', async (attack) => {
    const body = endpointWith(attack, attack);
    const refusal = { status: 503, body: { error: { code: attack, message: attack } } };
    const { httpClient } = createScriptedClient([refusal, { status: 200, body }]);
    const credential = { getToken: async () => ({ token: 't', expiresOnTimestamp: 4e12 }) };
    const client = createArmClient({ endpoint: 'https://arm.test', credential, httpClient });
    const clock = new FakeClock('2026-01-05T12:00:00.000Z');
    const reported = await toldBy(['wait', endpointId, ...options], {
      clock,
      watch: (watched) => ({ ...watchThrough(client, watched, undefined), sleep: async () => undefined }),
    });
    expect(reported).toMatch(/Approved|approved/);
    expect(commandsIn(reported)).toEqual([]);
  });

  test.each(attacks)('explain and simulate do not hand on %j', async (attack) => {
    const connection = {
      id: connectionId,
      properties: {
        privateLinkServiceConnectionState: { status: 'Pending', description: attack },
        groupIds: [attack],
      },
    };
    const rule = (name: string) =>
      `version: 1\nrules:\n  - {name: ${name}, effect: hold, when: 'connection.message.contains("x") || connection.groupIds.exists(g, g == "x")', reason: ${JSON.stringify(attack.replace(/[^ -~]/g, ' '))}}\n`;
    const files = {
      'p.yaml': rule('a'),
      'c.json': JSON.stringify(connection),
      'bad.json': `{"id": ${attack}`,
    };
    const lines = { 'l.jsonl': async function* () { yield attack; yield JSON.stringify({ connection: { id: connectionId, status: attack }, endpoint: null }); } }; // prettier-ignore
    for (const args of [
      ['explain', 'c.json', '--policy', 'p.yaml', ...options],
      ['explain', 'bad.json', '--policy', 'p.yaml', ...options],
      ['explain', attack, '--policy', 'p.yaml', ...options],
      ['simulate', '--policy', 'p.yaml', '--candidate', 'p.yaml', '--from', 'l.jsonl', ...options],
      [attack],
      ['retry', attack, ...options],
      ['wait', attack, ...options],
      ['doctor', '--only', attack, ...options],
      ['lift', attack, ...options],
      ['test', attack, ...options],
      ['validate', attack, ...options],
      ['validate', `--${attack}`, ...options],
    ])
      expect(commandsIn(await toldBy(args, { files, lines }))).toEqual([]);
  });
});
