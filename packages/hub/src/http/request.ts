import { type ClientRequest, type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { connect } from 'node:tls';
import { type ProxySettings, proxyFor } from './proxy.js';

/** What one request asks for. */
export interface Ask {
  readonly method: 'GET' | 'HEAD';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** How requests are made. */
export interface HttpSettings {
  readonly proxy: ProxySettings;
  /** Milliseconds without a byte after which a connection counts as lost. */
  readonly patience: number;
  /** Certificates to trust instead of the system's, PEM; for tests. */
  readonly ca?: string;
}

/** One request, no redirects. Resolves with the head of the answer; its body is a stream that must be read or destroyed. Throws what Node throws. */
export async function send(ask: Ask, settings: HttpSettings): Promise<IncomingMessage> {
  const { url } = ask;
  const proxy = proxyFor(url, settings.proxy);
  if (!proxy) return answerOf(start(url, optionsOf(ask, settings)), settings);
  if (url.protocol === 'http:') {
    const headers = { ...ask.headers, host: url.host, ...authorisation(proxy) };
    const { method, signal } = ask;
    return answerOf(plainRequest(proxy, { method, headers, signal, path: url.href, agent: false }), settings);
  }
  const tunnel = await openTunnel(url, proxy, ask.signal, settings);
  const socket = connect({ socket: tunnel, servername: url.hostname, ...(settings.ca ? { ca: settings.ca } : {}) });
  const { agent: _, ...options } = optionsOf(ask, settings);
  return answerOf(start(url, { ...options, createConnection: () => socket }), settings);
}

const start = (url: URL, options: RequestOptions): ClientRequest =>
  url.protocol === 'https:' ? secureRequest(url, options) : plainRequest(url, options);

const optionsOf = ({ method, headers, signal }: Ask, { ca }: HttpSettings): RequestOptions & { ca?: string } => ({
  ...{ method, headers, signal },
  agent: false,
  ...(ca ? { ca } : {}),
});

const authorisation = ({ username, password }: URL): Record<string, string> => {
  if (!username) return {};
  const words = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(words).toString('base64')}` };
};

function answerOf(request: ClientRequest, { patience }: HttpSettings): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.setTimeout(patience, () => request.destroy(new Error(`nothing came for ${patience / 1000} s`)));
    request.once('response', resolve);
    request.once('error', reject);
    request.end();
  });
}

/** A connection through a proxy to the host of an address (CONNECT, RFC 9110 9.3.6). */
function openTunnel(url: URL, proxy: URL, signal: AbortSignal, { patience }: HttpSettings): Promise<Socket> {
  const target = `${url.hostname}:${url.port || 443}`;
  const headers = { host: target, ...authorisation(proxy) };
  const request = plainRequest(proxy, { method: 'CONNECT', path: target, headers, signal, agent: false });
  return new Promise((resolve, reject) => {
    request.setTimeout(patience, () => request.destroy(new Error(`the proxy said nothing for ${patience / 1000} s`)));
    request.once('connect', (answer: IncomingMessage, socket: Socket) => {
      if (answer.statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(new Error(`the proxy ${proxy.host} refused with HTTP ${answer.statusCode}`));
    });
    request.once('error', reject);
    request.end();
  });
}
