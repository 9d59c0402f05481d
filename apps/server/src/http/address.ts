import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/** The files of a certificate (PEM, the chain included) and its key. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** Where the server listens and by which names it may be asked for. */
export interface Address {
  /** What to listen on. */
  readonly host: string;
  /** The name to print. */
  readonly shown: string;
  /** Certificate and key; absent on the loopback interface without TLS. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
  /** Whether a Host header without its port names this server: anything else is a foreign name that resolves here (DNS rebinding). */
  names(host: string): boolean;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/** Whether only this machine reaches an address. */
export const isLoopback = (host: string): boolean => LOOPBACK.has(host);

const ANY = new Set(['0.0.0.0', '::']);
const LOOPBACK_NAMES = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * Checks where to listen. The loopback interface needs nothing; anything that other machines reach needs TLS with a certificate for the name.
 * @throws RangeError for another address without TLS, a certificate that is not for it, or a key that is not the certificate's.
 */
export async function addressOf(host: string, files: TlsFiles | undefined): Promise<Address> {
  if (!files) {
    if (!isLoopback(host))
      throw new RangeError(
        `host ${host} can be reached from other machines, which needs TLS: give --tls-cert and --tls-key, or keep 127.0.0.1 and use an SSH tunnel`,
      );
    return { host, shown: host === '::1' ? '[::1]' : host, names: (name) => LOOPBACK_NAMES.has(name) };
  }
  const [cert, key] = await Promise.all([readFile(files.cert), readFile(files.key)]);
  const certificate = certificateOf(cert, files);
  if (!certificate.checkPrivateKey(privateKeyOf(key, files)))
    throw new RangeError(`${files.key} is not the key of the certificate ${files.cert}`);
  const covers = (name: string) => {
    const plain = name.replace(/^\[|\]$/g, '');
    return (isIP(plain) ? certificate.checkIP(plain) : certificate.checkHost(plain)) !== undefined;
  };
  if (!isLoopback(host) && !ANY.has(host) && !covers(host))
    throw new RangeError(
      `the certificate ${files.cert} is not for ${host}; it is for ${namesOf(certificate).join(', ')}`,
    );
  const shown = ANY.has(host) ? (namesOf(certificate)[0] ?? 'localhost') : host;
  return {
    host,
    shown: shown.includes(':') ? `[${shown}]` : shown,
    tls: { cert, key },
    names: (name) => covers(name) || (isLoopback(host) && LOOPBACK_NAMES.has(name)),
  };
}

function certificateOf(pem: Buffer, { cert }: TlsFiles): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new RangeError(`${cert} is not a certificate in PEM`, { cause: error });
  }
}

function privateKeyOf(pem: Buffer, { key }: TlsFiles) {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new RangeError(`${key} is not a private key in PEM without a passphrase`, { cause: error });
  }
}

/** The names and addresses of a certificate. */
const namesOf = ({ subjectAltName = '' }: X509Certificate): string[] =>
  subjectAltName.split(', ').flatMap((n) => /^(?:DNS|IP Address):([^*].*)$/.exec(n)?.[1] ?? []);
