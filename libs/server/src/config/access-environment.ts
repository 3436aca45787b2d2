import { IsInt, IsOptional, IsString, Max, Min, MinLength } from 'class-validator';
import { IsKey, Unwrapped } from './access';
import { IsClientChoices } from './client-choices';
import { Doc } from './doc';
import { LifecycleEnvironment } from './lifecycle-environment';
import { IsProxies } from './proxies';
import { ToNumber } from './value-types';

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
  @Doc(
    'access',
    'Secret with which session tokens are signed, at least 32 characters, the same on all servers. With it every conversation, narration and ' +
      'change of episodes needs a token of POST /api/session-tokens, and rooms can be joined with one. Not set: no tokens are needed.',
  )
  @IsOptional()
  @Unwrapped()
  @MinLength(32, { message: '$property must have at least 32 characters' })
  @IsKey()
  SESSION_TOKEN_SECRET?: string;
  @Doc('access', 'How many seconds a session token can be used after it was issued. Each can be used once.')
  @ToNumber()
  @IsInt()
  @Min(5)
  @Max(3_600)
  SESSION_TOKEN_TTL_S = 60;
  @Doc(
    'access',
    'What POST /api/session-tokens must carry as `Authorization: Bearer …`, at least 16 characters: your own server asks for the tokens of its ' +
      'users. Not set: pages of this server and of ALLOWED_ORIGINS get them.',
  )
  @IsOptional()
  @Unwrapped()
  @MinLength(16, { message: '$property must have at least 16 characters' })
  @IsKey()
  SESSION_TOKEN_ISSUER_TOKEN?: string;
  @Doc(
    'access',
    'Comma list of what clients may choose: prompt (their own instead of SYSTEM_PROMPT), voice (one of those that the server offers), ' +
      'any_voice (any id of the account), language, engine, model; or none. Not set: everything, and with NODE_ENV=production everything but prompt ' +
      'and any_voice.',
    'voice,language',
  )
  @IsOptional()
  @Unwrapped()
  @IsClientChoices()
  CLIENT_MAY_CHOOSE?: string;
  @Doc('access', 'What GET /metrics must carry as `Authorization: Bearer …`, at least 16 characters. Not set: nothing.')
  @IsOptional()
  @Unwrapped()
  @MinLength(16, { message: '$property must have at least 16 characters' })
  @IsKey()
  METRICS_TOKEN?: string;
  @Doc(
    'access',
    'Port on HOST for /metrics, /api/health and /api/ready; 0 takes any that is free. /metrics is then served there only. Not set: all are served on PORT.',
    '9464',
  )
  @IsOptional()
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(65_535)
  OPERATIONS_PORT?: number;
  @Doc('access', 'With production, defaults are those for strangers as clients. Every other value is taken as development.', 'production')
  @IsOptional()
  @Unwrapped()
  @IsString()
  NODE_ENV?: string;
}
