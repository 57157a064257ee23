import type {
  ManagedEndpointReader,
  ManagedLink,
  ManagedOwnerType,
} from '../../../src/connections/managed-endpoint-reader';

/** Our resources behind managed endpoints, in memory. */
export class FakeManagedEndpoints implements ManagedEndpointReader {
  readonly calls: string[] = [];
  /** What ARM shows now. */
  links: ManagedLink[] = [];
  /** What Azure's index shows, if it is behind. */
  index: readonly ManagedLink[] | undefined;
  /** Types whose links the index does not show. */
  unindexed: readonly ManagedOwnerType[] = ['Microsoft.Kusto/clusters', 'Microsoft.Cdn/profiles'];
  /** Whether the links that the index does not show take too many reads. */
  isTooMuch = false;
  failure: Error | undefined;

  async listIndexed(): Promise<readonly ManagedLink[]> {
    this.call('indexed');
    return (this.index ?? this.links).filter(
      ({ tie, owner }) => tie.kind === 'message' && !this.unindexed.includes(owner.type),
    );
  }

  async listOthers(): Promise<readonly ManagedLink[] | undefined> {
    this.call('others');
    return this.isTooMuch ? undefined : this.links.filter(({ owner }) => this.unindexed.includes(owner.type));
  }

  async findNamed(names: readonly string[]): Promise<readonly ManagedLink[]> {
    this.call('named');
    const wanted = names.map((name) => name.toLowerCase());
    return this.links.filter(
      ({ tie }) => tie.kind === 'name' && wanted.includes(tie.endpointName.toLowerCase()),
    );
  }

  async read(link: ManagedLink): Promise<ManagedLink | undefined> {
    this.call('read');
    return this.links.find(({ id }) => id === link.id);
  }

  private call(name: string): void {
    this.calls.push(name);
    if (this.failure !== undefined) throw this.failure;
  }
}
