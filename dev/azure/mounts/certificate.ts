import { generate } from 'selfsigned';

export interface Certificate {
  readonly certPem: string;
  readonly keyPem: string;
}

/**
 * Creates one self-signed certificate for localhost and 127.0.0.1. It is its own authority: clients get it as
 * `NODE_EXTRA_CA_CERTS` or `REQUESTS_CA_BUNDLE`. (Strict clients would refuse a root and a leaf, because they
 * would lack key identifiers.)
 */
export async function createCertificate(): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // Tolerates clients whose clock is slow.
    notBeforeDate: new Date(Date.now() - 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { certPem: cert, keyPem: key };
}
