/**
 * Subscriptions in which services of Microsoft make endpoints for all their customers, as public connections show
 * them: lower-case ids, and the service. There are many more; `postern doctor` asks ARM whose a subscription is.
 */
export const knownMicrosoftSubscriptions: ReadonlyMap<string, string> = new Map([
  ['c1bc5dd7-ea97-469c-89fa-8f26624902fd', 'Front Door'],
  ['92b2afd7-e3db-4660-90c5-0da4aebf53d4', 'Synapse and Data Factory'],
]);
