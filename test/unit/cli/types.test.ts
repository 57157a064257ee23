import { targetTypes } from '../../../src/connections/target-type';
import { runTool } from '../../support/rigs/cli';

describe('postern types', () => {
  test('prints a line for each type', async () => {
    const { exitCode, output } = await runTool(['types'], {});
    expect(exitCode).toBe(0);
    expect(output).toHaveLength(targetTypes().length + 1);
    expect(output[0]).toMatch(/^SERVICE +TYPE +EVIDENCE +API-VERSION +CAN +GROUP IDS$/);
    const sql = output.find((line) => line.startsWith('sql ')) ?? '';
    expect(sql).toMatch(
      /Microsoft\.Sql\/servers +recorded +\S+ +approve, reject, revoke \(delete\) +sqlServer/,
    );
  });

  test('prints everything of the types of a service', async () => {
    const { output } = await runTool(['types', 'web'], {});
    expect(output.filter((line) => line.startsWith('Microsoft.Web/'))).toHaveLength(2);
    expect(output.join('\n')).toMatch(
      /No role names +Azure lists no action for: target, read, write, delete/,
    );
  });

  test('prints the rows as JSON', async () => {
    const { output } = await runTool(['types', 'batch', '--json'], {});
    expect(JSON.parse(output.join('\n'))).toMatchObject([
      { type: 'Microsoft.Batch/batchAccounts', write: 'PATCH', evidence: 'recorded', isDefault: true },
    ]);
  });

  test('refuses a word that names nothing', async () => {
    const { exitCode, errors } = await runTool(['types', 'storge'], {});
    expect(exitCode).toBe(2);
    expect(errors.join('\n')).toContain('"storge"');
  });
});
