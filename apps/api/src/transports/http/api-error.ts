import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { describeError } from '@parley/engine';
import { isStoreAway } from '@parley/episodes';
import type { ApiError, ScriptProblem } from '@parley/protocol';
import { RoomControlError, type RoomControlErrorKind } from '@parley/rooms';
import type { HttpRequest, HttpResponse } from './http-exchange';

/** An answer of 400 or above in the words of the API. */
export class ApiException extends HttpException {
  constructor(status: number, message: string, problems?: readonly ScriptProblem[]) {
    super({ message, ...(problems && { problems }) }, status);
  }
}

export const notFound = (what: string): ApiException => new ApiException(404, `There is no such ${what}.`);

/** The parts of the API that answer with an `ApiError`. Others keep the answers of the framework. */
const PATHS = /^\/api\/(?:narrations|shows|voices|rooms|livekit|session-tokens)(?:[/?]|$)/;
const WORDS: Readonly<Record<number, string>> = {
  400: 'The request cannot be read: its address must be well formed, and its body valid JSON.',
  404: 'There is nothing at this address.',
  413: 'The body is larger than 1 MB.',
  415: 'The body must be JSON in UTF-8.',
  503: 'The database of the server does not answer. Try again in a moment.',
};

const CONTROL_STATUS: Readonly<Record<RoomControlErrorKind, number>> = { not_found: 404, unreachable: 503, refused: 503 };
const CONTROL_WORDS: Readonly<Record<RoomControlErrorKind, string>> = {
  not_found: 'There is no such room.',
  unreachable: 'The media server, or the store of its rooms, does not answer. Try again in a moment.',
  refused: 'The media server does not accept this server. Whoever runs it finds more in its log.',
};

/** Answers with an `ApiError`, in plain words and without anything of the server's inside. */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ApiErrorFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<HttpRequest>();
    const response = host.switchToHttp().getResponse<HttpResponse>();
    const status = statusOf(error);
    if (isStoreAway(error)) this.logger.warn({ message: 'the database does not answer', error: describeError(error) });
    else if (error instanceof RoomControlError && status >= 500) this.logger.warn({ message: error.message });
    else if (status >= 500 && !(error instanceof HttpException))
      this.logger.error({ message: 'a request failed', error: describeError(error) });
    // Part of the answer has been sent: only ending the connection tells that it is not whole.
    if (response.headersSent) return void response.destroy();
    const own = error instanceof HttpException ? error.getResponse() : undefined;
    if (!PATHS.test(request.originalUrl) && own !== undefined)
      return void response.status(status).json(typeof own === 'string' ? { statusCode: status, message: own } : own);
    response.status(status).json(bodyOf(error, own, status));
  }
}

function bodyOf(error: unknown, own: string | object | undefined, status: number): ApiError {
  if (error instanceof ApiException && own !== undefined) return own as ApiError;
  if (error instanceof RoomControlError) return { message: CONTROL_WORDS[error.kind] };
  const words = WORDS[status];
  if (words !== undefined && (status !== 503 || isStoreAway(error))) return { message: words };
  const message = typeof own === 'object' && 'message' in own && typeof own.message === 'string' ? own.message : undefined;
  return { message: message ?? 'Something went wrong on the server.' };
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (isStoreAway(error)) return 503;
  if (error instanceof RoomControlError) return CONTROL_STATUS[error.kind];
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}
