import { Body, Controller, Inject, Post, Res, UseGuards } from '@nestjs/common';
import type { SessionToken } from '@parley/protocol';
import { parseSessionTokenRequest } from '@parley/protocol/validation';
import { ApiException } from '../http/api-error';
import type { HttpResponse } from '../http/http-exchange';
import { SessionTokenIssuerGate } from './session-token-issuer.guard';
import { SessionTokens } from './session-tokens';

/** Issues the tokens with which clients may connect. */
@Controller('api/session-tokens')
export class SessionTokensController {
  constructor(@Inject(SessionTokens) private readonly tokens: SessionTokens) {}

  @Post()
  @UseGuards(SessionTokenIssuerGate)
  async issue(@Body() body: unknown, @Res({ passthrough: true }) response: HttpResponse): Promise<SessionToken> {
    if (!this.tokens.areNeeded) throw new ApiException(404, 'This server needs no session tokens.');
    const parsed = parseSessionTokenRequest(body);
    if (!parsed.ok) throw new ApiException(400, parsed.message);
    response.set({ 'Cache-Control': 'no-store' });
    return await this.tokens.issue(parsed.body.purpose);
  }
}
