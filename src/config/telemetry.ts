import * as z from '../base/schema/schema';
import { insightsAddress } from './connection-string';
import type { ConfigProblem } from './config-error';
import { setting } from './optional-text';
import { isInsightsUrl } from './token-host';

const insightsString = setting((text, context) => {
  const address = text === undefined ? '' : insightsAddress(text);
  if (text === undefined || typeof address !== 'string') return text;
  return z.refuse(
    context,
    `must be a connection string, InstrumentationKey=…;IngestionEndpoint=…: ${address}`,
  );
});

/** The setting that makes telemetry sign in with the identity. */
const signsInWith = setting((text, context) => {
  if (text === undefined) return false;
  const parts = text.split(';').map((part) => part.trim());
  const known = parts.every(
    (part) => part === '' || /^(?:Authorization\s*=\s*AAD|ClientId\s*=.+)$/i.test(part),
  );
  if (known && parts.some((part) => /^Authorization/i.test(part))) return true;
  return z.refuse(
    context,
    'must be Authorization=AAD, for a user-assigned identity with ;ClientId=…, or be left out',
  );
});

/** The settings of Application Insights, each checked by itself. */
export const telemetrySettings = {
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsString,
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: signsInWith,
};

type TelemetryData = {
  readonly [Name in keyof typeof telemetrySettings]: z.output<(typeof telemetrySettings)[Name]>;
};

/**
 * Checks the endpoint of Application Insights when telemetry signs in: a token of Azure Monitor goes there.
 */
export function insightsProblems(data: TelemetryData): readonly ConfigProblem[] {
  const {
    APPLICATIONINSIGHTS_CONNECTION_STRING: text,
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: byIdentity,
  } = data;
  const address = text === undefined || !byIdentity ? '' : insightsAddress(text);
  if (typeof address === 'string') return [];
  const isMonitor =
    /^https:\/\/monitor\.azure\.(?:com|us|cn|eaglex\.ic\.gov|microsoft\.scloud)(?:\/\.default|\/)?$/;
  if (isInsightsUrl(address.ingestion) && isMonitor.test(address.audience ?? 'https://monitor.azure.com'))
    return [];
  const problem =
    'must name an endpoint and an audience of Application Insights: the identity’s token goes there';
  return [{ setting: 'APPLICATIONINSIGHTS_CONNECTION_STRING', problem }];
}
