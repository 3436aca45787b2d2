import { accessOf } from '../../access';
import type { ElevenLabsFault } from '../../faults/fault';
import { randomId } from '../../random';
import type { HttpExchange } from '../../server/http-exchange';
import type { HttpRoute } from '../../server/http-router';
import { parseObject } from '../../server/json';
import { detail, type ErrorAnswer, refusalFor, validationError } from '../elevenlabs-errors';
import type { ElevenLabsDeps } from '../vendor-deps';
import type { PronunciationDictionaries, PronunciationDictionary } from './pronunciation-dictionaries';
import { readRule, ruleRow } from './pronunciation-rule';

const LARGEST_BODY_BYTES = 1_048_576;
/** The account's user, whom the vendor names as the author. */
const CREATED_BY = 'simulated-user';

type Exchange = HttpExchange<ElevenLabsFault>;

/** Making, listing and reading pronunciation dictionaries. */
export function pronunciationRoutes({ random, dictionaries }: ElevenLabsDeps): HttpRoute<ElevenLabsFault>[] {
  const route = (
    method: 'GET' | 'POST',
    path: RegExp,
    respond: (exchange: Exchange, id: string) => Promise<object | ErrorAnswer> | object | ErrorAnswer,
  ): HttpRoute<ElevenLabsFault> => ({
    endpoint: 'pronunciation-dictionaries',
    method,
    path,
    failure: { garbage: '<html>502 Bad Gateway</html>' },
    handle: async (exchange, [id = '']) => {
      const access = accessOf(exchange.header('xi-api-key'));
      const answer = (access === 'quota' ? undefined : refusalFor(access)) ?? (await respond(exchange, id));
      const isError = 'status' in answer && 'body' in answer;
      exchange.json(isError ? Number(answer.status) : 200, isError ? answer.body : answer, { 'request-id': randomId(random, 20) });
    },
  });

  return [
    route('POST', /^\/v1\/pronunciation-dictionaries\/add-from-rules\/?$/, async (exchange) =>
      added(await exchange.text(LARGEST_BODY_BYTES), dictionaries),
    ),
    route('GET', /^\/v1\/pronunciation-dictionaries\/?$/, () => ({
      pronunciation_dictionaries: dictionaries.all.map(metadata),
      next_cursor: null,
      has_more: false,
    })),
    route('GET', /^\/v1\/pronunciation-dictionaries\/([^/]+)\/?$/, (_exchange, id) => {
      const found = dictionaries.find(id);
      if (!found) return detail(404, 'pronunciation_dictionary_not_found', `The pronunciation dictionary ${id} was not found.`);
      return { ...metadata(found), rules: found.rules.map(ruleRow) };
    }),
  ];
}

function added(bodyText: string | undefined, dictionaries: PronunciationDictionaries): object | ErrorAnswer {
  const body = bodyText === undefined ? undefined : parseObject(bodyText);
  if (!body) return validationError('body', 'JSON decode error', 'json_invalid');
  const { name, description, rules } = body;
  if (typeof name !== 'string' || name === '') return validationError('name', 'field required', 'value_error.missing');
  if (!Array.isArray(rules) || rules.length === 0) return validationError('rules', 'field required', 'value_error.missing');
  const read = (rules as unknown[]).map(readRule);
  if (!read.every((rule) => rule !== undefined)) return validationError('rules', 'no rule of a known type', 'value_error');
  const dictionary = dictionaries.add(name, typeof description === 'string' ? description : null, read);
  return {
    id: dictionary.id,
    name: dictionary.name,
    created_by: CREATED_BY,
    creation_time_unix: dictionary.createdUnix,
    version_id: dictionary.versionId,
    version_rules_num: dictionary.rules.length,
    description: dictionary.description,
    permission_on_resource: 'admin',
  };
}

function metadata({ id, versionId, rules, name, createdUnix, description }: PronunciationDictionary): object {
  return {
    id,
    latest_version_id: versionId,
    latest_version_rules_num: rules.length,
    name,
    permission_on_resource: 'admin',
    created_by: CREATED_BY,
    creation_time_unix: createdUnix,
    archived_time_unix: null,
    description,
  };
}
