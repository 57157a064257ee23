/**
 * The functions of Bicep's namespaces `sys` and `az`, those of parameters files included.
 * https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions
 */
export const builtInFunctions: ReadonlySet<string> = new Set(
  `any array base64 base64ToJson base64ToString bool buildUri cidrHost cidrSubnet coalesce concat contains dataUri
  dataUriToString dateTimeAdd dateTimeFromEpoch dateTimeToEpoch deployer deployment distinct empty endsWith environment
  extensionResourceId externalInput fail filter first flatten format getSecret groupBy guid indexOf int intersection items
  join json last lastIndexOf length loadDirectoryFileInfo loadFileAsBase64 loadJsonContent loadTextContent loadYamlContent
  managementGroup managementGroupResourceId map mapValues max min nameof newGuid objectKeys padLeft parseCidr parseUri
  pickZones providers range readEnvironmentVariable reduce reference replace resourceGroup resourceId roleDefinitions
  shallowMerge skip sort split startsWith string subscription subscriptionResourceId substring take tenant tenantResourceId
  toLogicalZone toLogicalZones toLower toObject toPhysicalZone toPhysicalZones toUpper trim tryGet union uniqueString uri
  uriComponent uriComponentToString utcNow`.split(/\s+/),
);

/** Namespaces that can stand before a dot. */
export const namespaces: ReadonlySet<string> = new Set(['az', 'sys']);

export const builtInTypes: ReadonlySet<string> = new Set(
  'any array bool int null object resource resourceInput resourceOutput secureObject secureString string'.split(
    ' ',
  ),
);

export const builtInDecorators: ReadonlySet<string> = new Set(
  `allowed batchSize description discriminator export maxLength maxValue metadata minLength minValue onlyIfNotExists retryOn
  sealed secure waitUntil`.split(/\s+/),
);
