import type { Schema } from './analyse-query';

/** Columns of every table of a workspace-based Application Insights component. */
const common = {
  AppRoleInstance: 'string',
  AppRoleName: 'string',
  AppVersion: 'string',
  IKey: 'string',
  ItemCount: 'int',
  Measurements: 'dynamic',
  Name: 'string',
  OperationId: 'string',
  OperationName: 'string',
  ParentId: 'string',
  Properties: 'dynamic',
  ResourceGUID: 'string',
  SDKVersion: 'string',
  SessionId: 'string',
  SourceSystem: 'string',
  TenantId: 'string',
  TimeGenerated: 'datetime',
  Type: 'string',
  UserId: 'string',
  _ResourceId: 'string',
  _SubscriptionId: 'string',
} as const;

/** Log Analytics tables as documented in Azure Monitor's table reference, without irrelevant columns. */
export const workspaceSchema: Schema = {
  AppEvents: common,
  StorageBlobLogs: {
    AccountName: 'string',
    AuthenticationType: 'string',
    Category: 'string',
    ObjectKey: 'string',
    OperationName: 'string',
    RequesterObjectId: 'string',
    StatusCode: 'string',
    StatusText: 'string',
    TimeGenerated: 'datetime',
    _ResourceId: 'string',
  },
  AppTraces: { ...common, Message: 'string', SeverityLevel: 'int' },
  AppRequests: {
    ...common,
    DurationMs: 'real',
    Id: 'string',
    ResultCode: 'string',
    Source: 'string',
    Success: 'bool',
    Url: 'string',
  },
};
