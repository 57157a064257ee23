import { isLoopback, plainUrl } from './storage-host';

/** Event Grid's hosts in Azure's clouds. Only Microsoft's servers answer below them. */
const eventGrid: readonly string[] = [
  'eventgrid.azure.net',
  'eventgrid.azure.us',
  'eventgrid.azure.cn',
  'eventgrid.azure.eaglex.ic.gov',
  'eventgrid.azure.microsoft.scloud',
];

/** Application Insights' hosts, the older global ones among them. */
const insights: readonly string[] = [
  'applicationinsights.azure.com',
  'applicationinsights.azure.us',
  'applicationinsights.us',
  'applicationinsights.azure.cn',
  'applicationinsights.azure.eaglex.ic.gov',
  'applicationinsights.azure.microsoft.scloud',
  'services.visualstudio.com',
];

const labels = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

/**
 * Tells whether Event Grid's token may go to `text`: an https URL on port 443 of a topic, or one of this
 * machine.
 */
export function isEventGridUrl(text: string): boolean {
  return isBelow(text, eventGrid);
}

/**
 * Tells whether Azure Monitor's token may go to `text`: an https URL on port 443 of Application Insights, or
 * one of this machine.
 */
export function isInsightsUrl(text: string): boolean {
  return isBelow(text, insights);
}

function isBelow(text: string, suffixes: readonly string[]): boolean {
  const url = plainUrl(text);
  if (url?.protocol !== 'https:') return false;
  if (isLoopback(text)) return true;
  if (url.port !== '') return false;
  return suffixes.some((suffix) => {
    const end = `.${suffix}`;
    return url.hostname.endsWith(end) && labels.test(url.hostname.slice(0, -end.length));
  });
}
