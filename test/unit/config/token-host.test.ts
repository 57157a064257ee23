import { readConfig } from '../../../src/config/config';
import { isEventGridUrl } from '../../../src/config/token-host';

const storage = { AzureWebJobsStorage__accountName: 'stpostern' };

describe('the identity’s token for Event Grid', () => {
  test.each([
    'https://outcomes.westeurope-1.eventgrid.azure.net/api/events',
    'https://outcomes.usgovvirginia-1.eventgrid.azure.us/api/events',
    'https://outcomes.chinanorth3-1.eventgrid.azure.cn/api/events',
    'https://OUTCOMES.WestEurope-1.EventGrid.Azure.Net/api/events',
    'https://localhost:8443/api/events',
    'https://127.0.0.1:8443/api/events',
    'https://[::1]:8443/api/events',
  ])('may go to %s', (url) => {
    expect(isEventGridUrl(url)).toBe(true);
    expect(readConfig({ ...storage, EVENT_TOPIC_ENDPOINT: url }).eventTopicOrigin).toBe(new URL(url).origin);
  });

  test.each([
    'https://evil.test/api/events',
    'https://eventgrid.azure.net/api/events',
    'https://outcomes.westeurope-1.eventgrid.azure.net.evil.test/api/events',
    'https://evil.test/outcomes.westeurope-1.eventgrid.azure.net',
    'https://outcomeseventgrid.azure.net/api/events',
    'https://outcomes.westeurope-1.eventgrid.azure.net:8443/api/events',
    'https://outcomes.eventgrid.azure.net@evil.test/api/events',
    'https://evil.test\\.eventgrid.azure.net/api/events',
    'https://localhost.evil.test/api/events',
    'http://localhost:8080/api/events',
    'https://10.0.0.4/api/events',
    'https://outcomes.westeurope-1.eventgrid.azure.net./api/events',
  ])('may not go to %s', (url) => {
    const read = () => readConfig({ ...storage, EVENT_TOPIC_ENDPOINT: url });
    expect(read).toThrow('EVENT_TOPIC_ENDPOINT must be the https endpoint of an Event Grid topic');
    expect(read).not.toThrow('evil');
  });
});
