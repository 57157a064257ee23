import type { ConsoleRole } from '../../src/console/api';

/** A person of the local tenant. */
export interface LocalPerson {
  readonly oid: string;
  readonly name: string;
  readonly userName: string;
  readonly roles: readonly ConsoleRole[];
}

/** The people who can sign in on this machine. */
export const people = {
  viewer: {
    oid: '0a000000-0000-4000-8000-000000000001',
    name: 'Vera Viewer',
    userName: 'vera@example.test',
    roles: ['Postern.Viewer'],
  },
  approver: {
    oid: '0a000000-0000-4000-8000-000000000002',
    name: 'Anna Approver',
    userName: 'anna@example.test',
    roles: ['Postern.Viewer', 'Postern.Approver'],
  },
  operator: {
    oid: '0a000000-0000-4000-8000-000000000003',
    name: 'Otto Operator',
    userName: 'otto@example.test',
    roles: ['Postern.Viewer', 'Postern.Operator'],
  },
} as const satisfies Record<string, LocalPerson>;
