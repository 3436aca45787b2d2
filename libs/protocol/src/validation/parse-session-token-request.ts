import { IsIn } from 'class-validator';
import { SESSION_TOKEN_PURPOSES, type SessionTokenPurpose, type SessionTokenRequest } from '../wire/session-tokens';
import { isRecord } from './message-shapes';
import { check, NO_OBJECT, type ParsedBody, taken } from './request-body';
import { oneOf } from './shared-rules';

export class SessionTokenRequestDto implements SessionTokenRequest {
  @IsIn(SESSION_TOKEN_PURPOSES, oneOf(SESSION_TOKEN_PURPOSES))
  purpose!: SessionTokenPurpose;
}

/** Checks the body of `POST /api/session-tokens`, parsed from JSON. */
export const parseSessionTokenRequest = (input: unknown): ParsedBody<SessionTokenRequest> =>
  isRecord(input) ? check<SessionTokenRequest>(taken(SessionTokenRequestDto, input)) : NO_OBJECT;
