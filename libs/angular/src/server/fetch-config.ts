import type { PublicConfig } from '@parley/protocol';

/** An answer that takes longer is not waited for. */
export const CONFIG_TIMEOUT_MS = 4_000;

/** Asks the server once, at this address, what it offers; undefined when it does not say in time, or when `leaving` aborts. Never rejects. */
export async function fetchConfig(url: string, leaving: AbortSignal): Promise<PublicConfig | undefined> {
  const request = new AbortController();
  const giveUp = (): void => {
    clearTimeout(timer);
    request.abort();
  };
  const timer = setTimeout(giveUp, CONFIG_TIMEOUT_MS);
  leaving.addEventListener('abort', giveUp);
  try {
    const answer = await fetch(url, { headers: { accept: 'application/json' }, signal: request.signal });
    return answer.ok ? readConfig(await answer.json()) : undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    leaving.removeEventListener('abort', giveUp);
  }
}

/** The answer is used only when it has the part the page relies on. */
function readConfig(value: unknown): PublicConfig | undefined {
  if (typeof value !== 'object' || value === null || !('stages' in value)) return undefined;
  const stages = value.stages;
  if (typeof stages !== 'object' || stages === null || !('stt' in stages && 'llm' in stages && 'tts' in stages)) return undefined;
  return value as PublicConfig;
}
