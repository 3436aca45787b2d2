import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { accessOf } from '../access';
import type { OpenAiFault } from '../faults/fault';
import type { SeededFaultPlan } from '../faults/fault-plan';
import { integerBetween, randomId } from '../random';
import { HttpRouter, type HttpRoute } from '../server/http-router';
import type { HttpExchange } from '../server/http-exchange';
import { refuseUpgrade } from '../server/upgrade';
import type { VendorHandlers } from '../server/vendor-server';
import { completeChat, type CompletionDeps } from './chat-completion';
import { parseChatRequest } from './chat-request';
import { findModel, modelsServedOn, type SimulatedModel } from './model-catalogue';
import { bodyForStatus, errorBody, modelNotFound, rateLimited, refusalFor, type ErrorAnswer } from './openai-errors';
import type { StrictChat } from './strict-chat';
import { goDuration, RateWindow, type RateState } from './rate-window';

/** What the simulated OpenAI needs. Owned by the simulator. */
export interface OpenAiVendorOptions extends CompletionDeps {
  plan: SeededFaultPlan;
  requestsPerMinute: number;
  modelsAsOf: string;
  strictChat: StrictChat;
}

const LARGEST_BODY_BYTES = 16 * 1_048_576;
const TOKENS_PER_MINUTE = 2_000_000;
/** 2024-05-13, in Unix seconds; the value does not matter. */
const MODEL_CREATED = 1_715_558_400;
const FAILURE = {
  errorChunk: `data: ${JSON.stringify(errorBody('The server had an error while processing your request.', 'server_error', null))}\n\n`,
  garbage: 'data: {"id":"chatcmpl-\n\n',
};

/** Chat completions as OpenAI serves them, and the list of models. */
export function createOpenAiVendor({ plan, requestsPerMinute, modelsAsOf, strictChat, ...deps }: OpenAiVendorOptions): VendorHandlers {
  const { tally, random } = deps;
  const window = new RateWindow(requestsPerMinute, () => performance.now());

  /** Checks the key and its rate, then lets the handler answer. */
  const guarded =
    (handle: (exchange: HttpExchange<OpenAiFault>, headers: Record<string, string>, groups: readonly string[]) => Promise<void> | void) =>
    (exchange: HttpExchange<OpenAiFault>, groups: readonly string[]): Promise<void> | void => {
      const headers: Record<string, string> = {
        'x-request-id': `req_${randomId(random, 32).toLowerCase()}`,
        'openai-version': '2020-10-01',
      };
      const key = /^Bearer (.+)$/i.exec(exchange.header('authorization') ?? '')?.[1];
      const refusal = refusalFor(accessOf(key));
      if (refusal?.status === 401) return fail(exchange, refusal, headers);
      const rate = window.take(key ?? '');
      Object.assign(headers, accountHeaders(requestsPerMinute, rate), { 'openai-processing-ms': String(integerBetween(random, 5, 40)) });
      if (refusal) return fail(exchange, refusal, headers);
      if (!rate.allowed) return fail(exchange, rateLimited(rate.resetMs), headers);
      return handle(exchange, headers, groups);
    };

  const routes: HttpRoute<OpenAiFault>[] = [
    {
      endpoint: 'chat',
      method: 'POST',
      path: /^\/v1\/chat\/completions$/,
      failure: FAILURE,
      handle: guarded(async (exchange, headers) => {
        const request = parseChatRequest(await exchange.text(LARGEST_BODY_BYTES), modelsAsOf, strictChat);
        if ('status' in request) return fail(exchange, request, headers);
        Object.assign(headers, tokenHeaders(request.promptTokens));
        await completeChat(exchange, request, deps, headers);
      }),
    },
    {
      endpoint: 'models',
      method: 'GET',
      path: /^\/v1\/models$/,
      failure: FAILURE,
      handle: guarded((exchange, headers) =>
        exchange.json(200, { object: 'list', data: modelsServedOn(modelsAsOf).map(modelRow) }, headers),
      ),
    },
    {
      endpoint: 'models',
      method: 'GET',
      path: /^\/v1\/models\/([^/]+)$/,
      failure: FAILURE,
      handle: guarded((exchange, headers, [id = '']) => {
        const model = findModel(id, modelsAsOf);
        if (model) exchange.json(200, modelRow(model), headers);
        else fail(exchange, modelNotFound(id), headers);
      }),
    },
  ];
  const router = new HttpRouter('openai', plan, tally, routes, bodyForStatus);
  return {
    request: (request: IncomingMessage, response: ServerResponse) => void router.handle(request, response),
    upgrade: (_request: IncomingMessage, socket: Socket) => refuseUpgrade(socket, { status: 404, body: bodyForStatus(404) }),
  };
}

function fail(exchange: HttpExchange<OpenAiFault>, answer: ErrorAnswer, headers: Record<string, string>): void {
  exchange.json(answer.status, answer.body, { ...headers, ...answer.headers });
}

function modelRow({ id, shutdownDate }: SimulatedModel): object {
  return { id, object: 'model', created: MODEL_CREATED, owned_by: 'openai', shutdown_date: shutdownDate };
}

function accountHeaders(limit: number, rate: RateState): Record<string, string> {
  return {
    'openai-organization': 'simulated',
    'x-ratelimit-limit-requests': String(limit),
    'x-ratelimit-remaining-requests': String(rate.remaining),
    'x-ratelimit-reset-requests': goDuration(rate.resetMs),
    ...tokenHeaders(0),
  };
}

function tokenHeaders(tokens: number): Record<string, string> {
  return {
    'x-ratelimit-limit-tokens': String(TOKENS_PER_MINUTE),
    'x-ratelimit-remaining-tokens': String(Math.max(0, TOKENS_PER_MINUTE - tokens)),
    'x-ratelimit-reset-tokens': goDuration((tokens / TOKENS_PER_MINUTE) * 60_000),
  };
}
