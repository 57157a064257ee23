/** A role of the console. */
export type Role = 'Postern.Viewer' | 'Postern.Approver' | 'Postern.Operator';

/** Somebody who uses the console of a world. */
export interface ConsolePerson {
  readonly name: string;
  /** The object id. A GUID in lower case. */
  readonly oid: string;
  readonly roles: readonly Role[];
  /** Object ids of groups; absent: the token has no room for them. */
  readonly groups?: readonly string[] | undefined;
}

/** A group that policies may name. */
export const owners = 'cccccccc-0000-4000-8000-000000000001';

const answering: readonly Role[] = ['Postern.Viewer', 'Postern.Approver'];

const ada = { name: 'Ada', oid: 'aaaaaaaa-0000-4000-8000-000000000001', roles: answering, groups: [owners] };
const bob = { name: 'Bob', oid: 'aaaaaaaa-0000-4000-8000-000000000002', roles: answering, groups: [owners] };
/** Is in so many groups that the token lists none. */
const cleo = { name: 'Cleo', oid: 'aaaaaaaa-0000-4000-8000-000000000003', roles: answering };
/** May look, and tries to answer all the same. */
const dan = {
  name: 'Dan',
  oid: 'aaaaaaaa-0000-4000-8000-000000000004',
  roles: ['Postern.Viewer'] as const,
  groups: [owners],
};

/** The people who answer, the most frequent first. */
export const answerers: readonly ConsolePerson[] = [ada, bob, cleo, dan];

/** The person who retries and lifts. */
export const olga: ConsolePerson = {
  name: 'Olga',
  oid: 'aaaaaaaa-0000-4000-8000-000000000005',
  roles: ['Postern.Viewer', 'Postern.Operator'],
  groups: [],
};
