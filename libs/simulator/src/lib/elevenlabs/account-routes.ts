import { accessOf } from '../access';
import type { ElevenLabsFault, Endpoint } from '../faults/fault';
import { randomId } from '../random';
import type { HttpRoute } from '../server/http-router';
import type { HttpExchange } from '../server/http-exchange';
import { detail, refusalFor } from './elevenlabs-errors';
import { modelRows } from './model-catalogue';
import type { ElevenLabsDeps } from './vendor-deps';
import { voiceRows } from './voice-catalogue';

const CHARACTER_LIMIT = 100_000;

/** Voices, models, the subscription and single-use tokens. */
export function accountRoutes({ tally, tokens, random }: ElevenLabsDeps): HttpRoute<ElevenLabsFault>[] {
  const route = (
    endpoint: Endpoint<'elevenlabs'>,
    method: 'GET' | 'POST',
    path: RegExp,
    respond: (exchange: HttpExchange<ElevenLabsFault>, key: string, groups: readonly string[]) => [status: number, body: unknown],
  ): HttpRoute<ElevenLabsFault> => ({
    endpoint,
    method,
    path,
    failure: { garbage: '<html>502 Bad Gateway</html>' },
    handle: (exchange, groups) => {
      const headers = { 'request-id': randomId(random, 20) };
      const key = exchange.header('xi-api-key') ?? '';
      const access = accessOf(key);
      // Reading costs nothing, so an empty quota does not matter here.
      const refusal = access === 'quota' ? undefined : refusalFor(access);
      const [status, body] = refusal ? [refusal.status, refusal.body] : respond(exchange, key, groups);
      exchange.json(status, body, headers);
    },
  });

  return [
    route('voices', 'GET', /^\/v2\/voices$/, ({ url }) => [200, voicesPage(url.searchParams)]),
    route('models', 'GET', /^\/v1\/models$/, () => [200, modelRows()]),
    route('subscription', 'GET', /^\/v1\/user\/subscription$/, (_exchange, key) => [200, subscription(key, tally.charactersBilled)]),
    route('single-use-token', 'POST', /^\/v1\/single-use-token\/([^/]+)$/, (_exchange, key, [kind = '']) => {
      const token = tokens.issue(kind, key);
      const unknown = detail(400, 'invalid_token_type', `There is no token type ${kind}.`);
      return token === undefined ? [unknown.status, unknown.body] : [200, { token }];
    }),
  ];
}

function voicesPage(query: URLSearchParams): object {
  const search = query.get('search')?.toLowerCase() ?? '';
  const all = voiceRows().filter((voice) => JSON.stringify(voice).toLowerCase().includes(search));
  const size = Math.min(100, Math.max(1, Number(query.get('page_size') ?? 10) || 10));
  const from = Number(query.get('next_page_token') ?? 0) || 0;
  const hasMore = from + size < all.length;
  return {
    voices: all.slice(from, from + size),
    has_more: hasMore,
    total_count: all.length,
    next_page_token: hasMore ? String(from + size) : null,
  };
}

function subscription(key: string, charactersBilled: number): object {
  return {
    tier: 'creator',
    status: 'active',
    character_count: accessOf(key) === 'quota' ? CHARACTER_LIMIT : Math.min(CHARACTER_LIMIT, charactersBilled),
    character_limit: CHARACTER_LIMIT,
    max_character_limit_extension: null,
    max_credit_limit_extension: 0,
    can_extend_character_limit: false,
    allowed_to_extend_character_limit: false,
    next_character_count_reset_unix: null,
    voice_slots_used: 0,
    professional_voice_slots_used: 0,
    professional_voice_slots_used_in_workspace: 0,
    voice_limit: 30,
    voice_add_edit_counter: 0,
    professional_voice_limit: 1,
    can_extend_voice_limit: false,
    can_use_instant_voice_cloning: true,
    can_use_professional_voice_cloning: true,
    currency: 'usd',
    current_overage: { amount: '0', currency: 'usd' },
    billing_period: 'monthly_period',
    character_refresh_period: 'monthly_period',
    next_invoice: null,
    open_invoices: [],
    has_open_invoices: false,
  };
}
