import { setImmediate } from 'node:timers/promises';
import { recordAbort, type OpenAiCounters, type Tally } from '../counters';
import type { ChatDialect, OpenAiFault } from '../faults/fault';
import type { DrawDelay } from '../latency';
import type { Random } from '../random';
import type { HttpExchange } from '../server/http-exchange';
import { sleep } from '../server/sleep';
import { ChatChunks } from './chat-chunks';
import { chatWriterFor } from './chat-writer';
import type { ChatRequest } from './chat-request';
import { piecesOf, type ToolCallPiece, wholeCalls } from './chat-tools';
import { fragments } from './fragments';
import type { ReplySource } from './reply-source';

/** What a completion needs. */
export interface CompletionDeps {
  replies: ReplySource;
  delay: DrawDelay;
  random: Random;
  tally: Tally<OpenAiCounters>;
  now(): Date;
}

/** The result of generating: the number of tokens and why they ended; `gone` when the client left. */
type Outcome = { reason: 'stop' | 'length' | 'content_filter' | 'tool_calls' | 'gone'; tokens: number };

/** A word of the reply, or a piece of a tool call. */
type Token = string | ToolCallPiece;

/** Tokens after which a `finish` fault ends the reply. */
const CUT_SHORT_AFTER = 5;

/** Answers one chat completion request, streamed or whole, and stops generating when the client leaves. */
export async function completeChat(
  exchange: HttpExchange<OpenAiFault>,
  request: ChatRequest,
  deps: CompletionDeps,
  headers: Record<string, string>,
): Promise<void> {
  const chunks = new ChatChunks(request, deps.now().getTime(), deps.random);
  if (request.stream && !exchange.scope.is('not-streamed')) await stream(exchange, request, deps, chunks, headers);
  else await answerWhole(exchange, request, deps, chunks, headers);
}

async function stream(
  exchange: HttpExchange<OpenAiFault>,
  request: ChatRequest,
  deps: CompletionDeps,
  chunks: ChatChunks,
  headers: Record<string, string>,
): Promise<void> {
  const { scope } = exchange;
  const send = async (event: string): Promise<void> => {
    if (!scope.is('fragment')) return scope.send(event);
    for (const piece of fragments(event, deps.random)) {
      scope.send(piece);
      // Yields, so that every piece is sent as a packet of its own.
      await setImmediate();
    }
  };
  const sendAll = async (events: readonly string[]): Promise<void> => {
    for (const event of events) await send(event);
  };
  // A fault may be applied to a reply in progress, so the scope is asked each time.
  const writing = () => chatWriterFor(chunks, dialectOf(scope.fault));
  const outcome = await generate(exchange, request, deps, async (token, index) => {
    if (index === 0) {
      exchange.head(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache', ...headers });
      await send(chunks.delta({ role: 'assistant', content: '', refusal: null }));
      if (scope.is('reasoning')) {
        await send(chunks.delta({ reasoning_content: 'Thinking about ' }));
        await send(chunks.delta({ reasoning: 'what was asked.' }));
      }
      await sendAll(writing().opening());
    }
    if (typeof token !== 'string') await send(chunks.delta({ tool_calls: [token] }));
    else if (token !== '') await sendAll(writing().token(token, index));
  });
  if (outcome.reason === 'gone') return;
  await sendAll(writing().closing());
  if (!scope.is('missing-final')) {
    if (!scope.is('no-finish')) {
      await send(chunks.delta({}, outcome.reason));
      if (request.includeUsage) await send(chunks.usage(outcome.tokens));
    }
    if (!scope.is('no-done')) await send('data: [DONE]\n\n');
  }
  exchange.end();
}

const DIALECTS: readonly string[] = ['thoughts', 'control-tokens', 'loose-chunks', 'refusal', 'not-streamed'] satisfies ChatDialect[];

function dialectOf(fault: OpenAiFault | undefined): ChatDialect | undefined {
  return fault && isDialect(fault.kind) ? fault.kind : undefined;
}

const isDialect = (kind: OpenAiFault['kind']): kind is ChatDialect => DIALECTS.includes(kind);

async function answerWhole(
  exchange: HttpExchange<OpenAiFault>,
  request: ChatRequest,
  deps: CompletionDeps,
  chunks: ChatChunks,
  headers: Record<string, string>,
): Promise<void> {
  let content = '';
  const pieces: ToolCallPiece[] = [];
  const outcome = await generate(exchange, request, deps, (token) => {
    if (typeof token === 'string') content += token;
    else pieces.push(token);
  });
  const message = { content, toolCalls: wholeCalls(pieces) };
  if (outcome.reason !== 'gone') exchange.json(200, chunks.whole(message, outcome.reason, outcome.tokens), headers);
}

/** Generates the reply token by token at the model's pace. Passes on one empty token when the reply is empty. */
async function generate(
  exchange: HttpExchange<OpenAiFault>,
  request: ChatRequest,
  { replies, delay, tally, random }: CompletionDeps,
  onToken: (token: Token, index: number) => Promise<void> | void,
): Promise<Outcome> {
  const { scope, gone } = exchange;
  let tokens = 0;
  let tokensAfter = 0;
  const { messages, tools } = request;
  const calls = tools.length > 0 ? (replies.toolCalls?.(messages, tools) ?? []) : [];
  let reason: Outcome['reason'] = calls.length > 0 ? 'tool_calls' : 'stop';
  await sleep(delay('llmFirstTokenMs'), gone);
  for (const token of tokensOf(replies.reply(messages), piecesOf(calls, random))) {
    if (tokens > 0) await sleep(delay('llmTokenGapMs'), gone);
    if (gone.aborted || scope.silent) break;
    const finish = scope.fault?.kind === 'finish' ? scope.fault.reason : undefined;
    if (tokens >= (finish === undefined ? request.maxTokens : Math.min(CUT_SHORT_AFTER, request.maxTokens))) {
      reason = finish ?? 'length';
      break;
    }
    await onToken(token, tokens);
    tokens += 1;
    tally.tokens += 1;
    if (gone.aborted) tokensAfter += 1;
  }
  const stalled = scope.is('stall') || scope.is('half-open');
  if (scope.silent && stalled) await untilAborted(gone);
  if (gone.aborted && (stalled || !scope.silent)) {
    tally.tokensAfterAbort += tokensAfter;
    recordAbort(tally, { endpoint: 'chat', stopMs: performance.now() - exchange.goneAtMs, generated: tokens, generatedAfter: tokensAfter });
  }
  if (gone.aborted || scope.silent) return { reason: 'gone', tokens };
  if (tokens === 0) await onToken('', 0);
  return { reason, tokens };
}

/** Splits text into words with their leading space, as most tokens of a language model are. */
function* tokensOf(texts: Iterable<string>, calls: Iterable<ToolCallPiece>): Generator<Token> {
  for (const text of texts) yield* text.match(/\s*\S+|\s+$/g) ?? [];
  yield* calls;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
