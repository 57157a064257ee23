import type { LiftPorts } from '../../review/limits/lift-limit';
import type { AcceptPorts } from '../../review/lists/accept-list';
import type { RequestRetryPorts } from '../../review/queue/request-retry';
import type { DecisionSource } from '../../review/undo/decisions-of-rule';

/** A running Postern that an operator can change through its own use cases, but not through ARM. */
export interface Deployment extends LiftPorts, RequestRetryPorts, AcceptPorts {
  /** The decisions in the ledger. */
  readonly ledger: DecisionSource;
  /** Name of the person who runs the tool, for the audit. */
  readonly person: string;
}

/** The part of the host that gives access to a running Postern. */
export interface DeploymentHost {
  /**
   * Opens the storage account of the deployment; connects with the first call.
   * @throws PosternError CONFIG_INVALID
   */
  deployment(): Deployment;
}
