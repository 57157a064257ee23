import type { Config } from '../../../config/config';
import type { Check } from '../check';
import { ok, problem, warning, type Finding } from '../finding';
import type { Examination } from '../examination';
import type { SettingsReading } from '../sources';

/** Creates the check of the settings. */
export function settingsCheck({ sources }: Examination): Check {
  return {
    name: 'settings',
    title: 'Settings',
    run: async ({ report }) => judgeSettings(sources.settings).forEach(report),
  };
}

/**
 * Reports all problems, or else settings that are valid but rarely intended. Never prints a
 * setting's value.
 */
export function judgeSettings({ config, problems }: SettingsReading): readonly Finding[] {
  const wrong = problems.map(({ setting, problem: what }) => problem(setting, what));
  if (config === undefined) return wrong;
  const risks = [
    ...modeRisks(config),
    ...standbyRisks(config),
    ...armRisks(config),
    ...storageRisks(config),
    ...telemetryRisks(config),
  ];
  return [ok('settings', 'every setting is valid'), ...risks];
}

function modeRisks({ policyMode }: Config): readonly Finding[] {
  if (policyMode !== 'audit') return [];
  const fix = 'when you trust the decisions, set it to enforce, or remove it to use the policy’s own mode';
  return [warning('POLICY_MODE', 'set to audit, so Postern decides and records, but writes nothing', fix)];
}

function standbyRisks({ standbyAfterSeconds }: Config): readonly Finding[] {
  if (standbyAfterSeconds === undefined) return [];
  const minutes = Math.floor(standbyAfterSeconds / 60);
  const message = `this deployment is a standby: it writes only what nobody has answered for ${minutes} minutes`;
  return [warning('STANDBY_AFTER', message, 'remove it if no other deployment answers first')];
}

/**
 * ARM's addresses in the public, US Government and China clouds:
 * https://learn.microsoft.com/azure/developer/identity
 */
const knownClouds: readonly string[] = [
  'https://management.azure.com',
  'https://management.usgovcloudapi.net',
  'https://management.chinacloudapi.cn',
];

function armRisks({ armEndpoint, pollFloorSeconds }: Config): readonly Finding[] {
  const findings: Finding[] = [];
  if (!knownClouds.includes(armEndpoint)) {
    const message = 'not a known Azure cloud; tokens for Azure Resource Manager are sent there';
    findings.push(warning('ARM_ENDPOINT', message, 'remove it, unless this is intended'));
  }
  if (pollFloorSeconds !== undefined) {
    const message = 'overrides the minimum polling interval of every provider, and ARM limits reads';
    findings.push(warning('POLL_FLOOR_SECONDS', message, 'remove it'));
  }
  return findings;
}

function storageRisks({ armEndpoint, storage }: Config): readonly Finding[] {
  if (storage.kind === 'connectionString') {
    const fix = 'set AzureWebJobsStorage__accountName instead, and disable shared keys';
    return [
      warning(
        'AzureWebJobsStorage',
        'contains a key; anyone who reads the settings controls the storage',
        fix,
      ),
    ];
  }
  const isElsewhere = armEndpoint !== knownClouds[0] && knownClouds.includes(armEndpoint);
  if (!isElsewhere || !storage.blobServiceUri.endsWith('.core.windows.net')) return [];
  const fix = 'set AzureWebJobsStorage__blobServiceUri, __queueServiceUri and __tableServiceUri';
  return [warning('AzureWebJobsStorage', 'in the public cloud, but ARM_ENDPOINT is in another cloud', fix)];
}

function telemetryRisks({ telemetryConnectionString, telemetryUsesIdentity }: Config): readonly Finding[] {
  if (telemetryConnectionString === undefined) {
    const message =
      'missing, so audit records go only to the ledger; alerts and the workbook do not see them';
    return [
      warning(
        'APPLICATIONINSIGHTS_CONNECTION_STRING',
        message,
        'set it to the connection string of an Application Insights resource',
      ),
    ];
  }
  if (telemetryUsesIdentity) return [];
  const message =
    'missing, so anyone who knows the connection string can send records that look like Postern’s';
  const fix = 'set it to Authorization=AAD, and disable local authentication';
  return [warning('APPLICATIONINSIGHTS_AUTHENTICATION_STRING', message, fix)];
}
