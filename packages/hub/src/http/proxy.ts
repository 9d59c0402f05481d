/** Proxies as the usual variables name them; the composition root reads those. */
export interface ProxySettings {
  /** For `http:` addresses: the value of HTTP_PROXY. */
  readonly http?: string;
  /** For `https:` addresses: the value of HTTPS_PROXY. */
  readonly https?: string;
  /** Hosts to reach directly: the value of NO_PROXY, names separated by commas, `*` for all. */
  readonly except?: string;
}

/** The proxy to reach an address through; undefined for directly. @throws RangeError when the setting is no http address. */
export function proxyFor(url: URL, { http, https, except = '' }: ProxySettings): URL | undefined {
  const setting = url.protocol === 'https:' ? https : http;
  if (!setting || isExcepted(url, except)) return undefined;
  const address = setting.includes('://') ? setting : `http://${setting}`;
  if (!URL.canParse(address) || new URL(address).protocol !== 'http:')
    throw new RangeError('the proxy must be an http:// address; check HTTP_PROXY and HTTPS_PROXY');
  return new URL(address);
}

function isExcepted(url: URL, except: string): boolean {
  return except.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    const [name = '', port] = entry.replace(/^\*?\./, '').split(':');
    if (!name || (port && port !== (url.port || (url.protocol === 'https:' ? '443' : '80')))) return false;
    return url.hostname === name || url.hostname.endsWith(`.${name}`);
  });
}
