import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const BEARER = /^Bearer +([!-~]+) *$/i;

/** The token in the header `Authorization: Bearer …`; undefined if there is none. */
export const bearerOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined =>
  BEARER.exec(headers.authorization ?? '')?.[1];

/** Whether the request carries this secret as its token. Takes as long whatever it has in common with the one that is carried. */
export function carries(request: Pick<IncomingMessage, 'headers'>, secret: string): boolean {
  const token = bearerOf(request);
  return token !== undefined && isSameSecret(token, secret);
}

const isSameSecret = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
