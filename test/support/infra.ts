import { deploymentOf, type BicepProject, type Deployed, type Value } from './bicep';

/** The templates that people deploy. */
export const stageOne = 'infra/main.bicep';
export const stageTwo = 'infra/events/main.bicep';
export const onboarding = 'infra/onboarding/main.bicep';
export const onboardingPolicy = 'infra/onboarding/policy.json';

type Given = Readonly<Record<string, Value>>;

const subscriptionId = '33333333-3333-4333-8333-333333333333';
const appId = `/subscriptions/${subscriptionId}/resourceGroups/rg-postern/providers/Microsoft.Web/sites/func-postern`;

/** Stage one with all that can be switched on. */
export const allSwitchedOn: Given = {
  outcomeTopic: true,
  watchedSubscriptions: [subscriptionId],
  requesterSubscriptions: [subscriptionId],
  sweepSubscriptions: [subscriptionId],
  operators: [{ principalId: subscriptionId, principalType: 'Group' }],
  functionSubnetId: '/subscriptions/x',
  inboundFromEventGridOnly: true,
  policyMode: 'enforce',
  policySource: 'container',
};

/** Stage two for one subscription. */
export const oneSubscription: Given = {
  environmentName: 'prod',
  location: 'westeurope',
  watchedSubscriptions: [subscriptionId],
  functionAppId: appId,
};

/** Everything that the three templates deploy, with what is optional and without. */
export function everything(project: BicepProject): Deployed[] {
  const deployments = [
    deploymentOf(project, stageOne),
    deploymentOf(project, stageOne, allSwitchedOn),
    deploymentOf(project, stageTwo, oneSubscription),
    deploymentOf(project, stageTwo, { ...oneSubscription, deadLetter: false }),
    deploymentOf(project, onboarding, { functionAppId: appId, readEndpoints: true }),
  ];
  return deployments.flatMap(({ resources }) => resources);
}

/** Those of one type. */
export function ofType(resources: readonly Deployed[], type: string): Deployed[] {
  return resources.filter((resource) => resource.type === type && !resource.existing);
}
