/**
 * The tenants of Microsoft in which endpoints of its services were seen: "MS Azure Cloud"
 * (MSAzureCloud.onmicrosoft.com). A policy may name more; nobody has published which service uses
 * which tenant.
 */
export const knownMicrosoftTenants: readonly string[] = ['33e01921-4d64-4f8c-a055-5bdaffd5e33d'];
