import type { Config } from '../../../config/config';
import type { Check } from '../check';
import { ok, problem, warning, type Finding } from '../finding';
import type { Examination } from '../examination';
import type { SettingsReading } from '../sources';

export function settingsCheck({ sources }: Examination): Check {
  return {
    name: 'settings',
    title: 'Settings',
    run: async ({ report }) => judgeSettings(sources.settings).forEach(report),
  };
}

/** Everything that is wrong, then what is allowed and seldom wanted. Never tells a setting's value. */
export function judgeSettings({ config, problems }: SettingsReading): readonly Finding[] {
  const wrong = problems.map(({ setting, problem: what }) => problem(setting, what));
  if (config === undefined) return wrong;
  const risks = [
    ...modeRisks(config),
    ...armRisks(config),
    ...storageRisks(config),
    ...telemetryRisks(config),
  ];
  return [ok('settings', 'every setting can be read'), ...risks];
}

function modeRisks({ policyMode }: Config): readonly Finding[] {
  if (policyMode !== 'audit') return [];
  const fix = 'when you trust its decisions, set it to enforce or take it out for the policy’s own mode';
  return [warning('POLICY_MODE', 'audit: Postern decides and records only, and writes nothing', fix)];
}

/** The public cloud, and those of governments and countries: https://learn.microsoft.com/azure/developer/identity */
const knownClouds: readonly string[] = [
  'https://management.azure.com',
  'https://management.usgovcloudapi.net',
  'https://management.chinacloudapi.cn',
];

function armRisks({ armEndpoint, pollFloorSeconds }: Config): readonly Finding[] {
  const findings: Finding[] = [];
  if (!knownClouds.includes(armEndpoint)) {
    const message = 'names no cloud of Azure that is known: the tokens of Azure Resource Manager go there';
    findings.push(warning('ARM_ENDPOINT', message, 'take it out, unless you mean it'));
  }
  if (pollFloorSeconds !== undefined) {
    const message = 'overrides each provider’s own polling floor: ARM reads are scarce';
    findings.push(warning('POLL_FLOOR_SECONDS', message, 'take it out'));
  }
  return findings;
}

function storageRisks({ armEndpoint, storage }: Config): readonly Finding[] {
  if (storage.kind === 'connectionString') {
    const fix = 'set AzureWebJobsStorage__accountName instead, and turn shared keys off';
    return [warning('AzureWebJobsStorage', 'holds a key: whoever reads the settings has the storage', fix)];
  }
  const isElsewhere = armEndpoint !== knownClouds[0] && knownClouds.includes(armEndpoint);
  if (!isElsewhere || !storage.blobServiceUri.endsWith('.core.windows.net')) return [];
  const fix = 'set AzureWebJobsStorage__blobServiceUri, __queueServiceUri and __tableServiceUri';
  return [warning('AzureWebJobsStorage', 'is in the public cloud, and ARM_ENDPOINT is in another', fix)];
}

function telemetryRisks({ telemetryConnectionString, telemetryUsesIdentity }: Config): readonly Finding[] {
  if (telemetryConnectionString === undefined) {
    const message = 'is missing: audit records are in the ledger only, no workbook and no alert sees them';
    return [warning('APPLICATIONINSIGHTS_CONNECTION_STRING', message, 'name an Application Insights')];
  }
  if (telemetryUsesIdentity) return [];
  const message = 'is missing: whoever knows the connection string can send records that look like Postern’s';
  const fix = 'set it to Authorization=AAD, and turn local authentication off';
  return [warning('APPLICATIONINSIGHTS_AUTHENTICATION_STRING', message, fix)];
}
