import { analyzePolicy } from '../../../../src/policy/analysis/analyze-policy';
import { loadPolicy } from '../../../../src/policy/compile-policy';

describe('validate', () => {
  /** Returns the messages about a policy: why it does not load, or what is found in it. */
  const warned = (lines: string): readonly string[] => {
    const text = `version: 1\nmode: enforce\nlists:\n  zones: [11111111-1111-4111-8111-111111111111]\nrules:\n${lines}`;
    const files = [{ path: 'p.yaml', text }];
    const load = loadPolicy(files);
    const found = load.kind === 'refused' ? load.problems : analyzePolicy(files);
    return found.map(({ message }) => message);
  };
  const rule = (when: string, more = ''): string =>
    `  - name: rule\n    effect: hold\n    when: ${when}\n${more}`;

  test.each([
    ['endpoint.subscriptionId in lists.zones #&& target.name == "a"', '` #&& target.name == "a"`'],
    ['endpoint.subscriptionId in lists.zones # && target.name == "a"', '` # && target.name == "a"`'],
    ['endpoint.subscriptionId in lists.zones\t#1', '` #1`'],
    ['endpoint.subscriptionId in lists.zones # || true', '` # || true`'],
  ])('warns of a condition that YAML cuts: %s', (when, shown) => {
    expect(warned(rule(when))).toEqual([
      `\`when\` of rule \`rule\` ends before ${shown}, where YAML begins a comment: put the whole value in quotes, or the comment on a line of its own`,
    ]);
  });

  test('warns of a reason and of a name that YAML cuts', () => {
    const text = rule('endpoint.subscriptionId in lists.zones', '    reason: See ticket #4711\n');
    expect(warned(text.replace('name: rule', 'name: rule #2'))).toEqual([
      expect.stringContaining('`name` of rule `rule` ends before ` #2`'),
      expect.stringContaining('`reason` of rule `rule` ends before ` #4711`'),
    ]);
  });

  test.each([
    'endpoint.subscriptionId in lists.zones # the landing zones',
    'endpoint.subscriptionId in lists.zones ## see above',
    'endpoint.subscriptionId in lists.zones # has() cannot take such a name',
    "'endpoint.subscriptionId in lists.zones' #4711",
    '>-\n      endpoint.subscriptionId in lists.zones\n    # || nobody',
    'endpoint.subscriptionId in lists.zones\n    #on: [Pending]',
  ])('does not warn of a comment: %j', (when) => {
    expect(warned(rule(when))).toEqual([]);
  });

  test.each([
    [
      '(target.name == "a" #1 && endpoint.name == "b")',
      '; YAML begins a comment at ` #1 && endpoint.name == "…`',
    ],
    ['target.name == "a" &&   #1', 'something is missing here; YAML begins a comment at ` #1`'],
    ['target.name == "a #1"', 'in unquoted YAML, ` #` begins a comment'],
    [
      'target.name == "a" # one\n      && endpoint.name == "b"',
      'YAML ends the value at the comment in the line above',
    ],
    ['>-\n      target.name == "a" # one', 'this does not belong here: `#`'],
  ])('says so where what is left does not load: %j', (when, wanted) => {
    expect(warned(rule(when)).join('\n')).toContain(wanted);
  });

  test('does not blame a comment for another mistake', () => {
    const [message] = warned(rule('targt.name == "a" # the first'));
    expect(message).toContain('unknown name `targt`');
    expect(message).not.toContain('YAML');
  });

  test.each([
    ['now.getHours("Europe/Berln") < 8', '`Europe/Berln`: did you mean `Europe/Berlin`?'],
    ['connection.firstSeen.getDayOfWeek("CETT") == 0', '`CETT`: write one such as'],
    ['now.getHours("") < 8', '``: write one such as `Europe/Berlin` or `UTC`'],
    ['now.getHours("Berlin time") < 8', '`Berlin time`: write one such as'],
    ['now.getHours(target.name == "a" ? "UTC" : "Mars/Base") < 8', '`Mars/Base`: write one such as'],
  ])('warns of an unknown time zone: %s', (when, shown) => {
    expect(warned(rule(JSON.stringify(when))).filter((message) => message.includes('time zone'))).toEqual([
      expect.stringContaining(
        `rule \`rule\` can never be evaluated, and so holds: unknown time zone ${shown}`,
      ),
    ]);
  });

  test.each(['"Europe/Berlin"', '"UTC"', '"america/new_york"', 'target.location', ''])(
    'does not warn of the time zone %s',
    (zone) => {
      expect(warned(rule(`now.getHours(${zone}) < 8`)).join('\n')).not.toContain('time zone');
    },
  );

  test.each([
    ['target.type == "Microsoft.Sql/server"', 'write a type such as `Microsoft.Sql/servers`'],
    [
      'target.type in ["microsoft.keyvault/managedhsm"]',
      'write a type such as `Microsoft.KeyVault/managedHSMs`',
    ],
    ['target.type == "Contoso.Foo/bars"', 'write a type such as `Microsoft.KeyVault/vaults`'],
    ['target.service == "storages"', 'no service has this word: did you mean `storage`?'],
    ['target.service == "mainframe"', 'Azure creates no `target.service` like that: correct it'],
  ])('says which type or service is meant by %s', (when, wanted) => {
    expect(warned(rule(JSON.stringify(when))).join('\n')).toContain(wanted);
  });

  test.each([
    ['14d', '"336h" for 14 days'],
    ['1d', '"24h" for one day'],
    ['2 weeks', '"336h" for 14 days'],
    ['1d12h', '"36h"'],
    ['P7D', '"168h" for seven days'],
    ['soon', '"168h" for seven days'],
    ['99999999999999d', '"168h" for seven days'],
  ])('says what to write for the duration %s', (text, wanted) => {
    expect(warned(rule(`connection.firstSeen < now - duration("${text}")`))).toEqual([
      `not a duration: write hours, minutes or seconds, such as ${wanted}`,
    ]);
  });
});
