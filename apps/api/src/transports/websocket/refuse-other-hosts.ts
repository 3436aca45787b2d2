import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HostPolicy, HostVerdict } from './host-policy';

const ANSWERS: Record<Exclude<HostVerdict, 'allowed'>, readonly [status: number, text: string]> = {
  malformed: [400, 'The request names no valid host.'],
  refused: [403, 'This server does not answer to that host name. Its operator can list it in ALLOWED_HOSTS.'],
};

/** Middleware that runs before all others and refuses HTTP requests for hosts that this server does not serve, as is done for upgrades. */
export function refuseOtherHosts(hosts: Pick<HostPolicy, 'judge'>) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const verdict = hosts.judge(request);
    if (verdict === 'allowed') return next();
    const [status, text] = ANSWERS[verdict];
    response.writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      Connection: 'close',
    });
    response.end(text);
  };
}
