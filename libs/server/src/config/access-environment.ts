import { Unwrapped } from './access';
import { Doc } from './doc';
import { LifecycleEnvironment } from './lifecycle-environment';
import { IsProxies } from './proxies';

/** Who may use the server, and what a client may choose. */
export class AccessEnvironment extends LifecycleEnvironment {
  @Doc(
    'access',
    'The proxies in front of the server, whose X-Forwarded-Proto and X-Forwarded-For tell how and from where it was reached: true (one proxy), ' +
      'the number of proxies one behind the other, or a comma list of their addresses and networks. The addresses of clients, which limits ' +
      'count by, depend on it. Without a proxy anybody could send these headers, so leave it false then.',
    '10.0.0.0/8,fd00::/8',
  )
  @Unwrapped()
  @IsProxies()
  TRUST_PROXY = 'false';
}
