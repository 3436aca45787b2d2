import type { Voice } from '../../ports/text-to-speech';
import { asObject, asString } from '../../shared/json';
import type { VendorRequests } from './vendor-requests';

const VOICES_PER_PAGE = 100;
const MOST_PAGES = 5;
const MOST_NAME_CHARACTERS = 200;

/** Returns the voices of the account. Voices without a usable id are left out, because the list is shown to every client. */
export async function listVoices(requests: VendorRequests, signal: AbortSignal): Promise<Voice[]> {
  const voices: Voice[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = asObject(await requests.list('/v2/voices', { page_size: VOICES_PER_PAGE, next_page_token: token }, signal));
    const rows: readonly unknown[] = Array.isArray(found?.['voices']) ? found['voices'] : [];
    voices.push(...rows.slice(0, VOICES_PER_PAGE).flatMap(readVoice));
    token = found?.['has_more'] === true ? asString(found['next_page_token']) : undefined;
    if (token === undefined) break;
  }
  return voices;
}

function readVoice(row: unknown): Voice[] {
  const voice = asObject(row);
  const id = asString(voice?.['voice_id']);
  if (id === undefined || id === '' || id.length > MOST_NAME_CHARACTERS) return [];
  return [{ id, name: (asString(voice?.['name']) ?? id).slice(0, MOST_NAME_CHARACTERS) }];
}
