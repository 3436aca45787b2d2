import type { ElevenLabsFault } from '../faults/fault';
import { pathSegment } from '../server/request';
import type { SocketFailure, SocketLink, SocketSession } from '../server/socket-link';
import { parseDialogueSettings, type DialogueSettings } from './dialogue/dialogue-settings';
import { MultiDialogueSession } from './dialogue/multi-dialogue-session';
import { SingleDialogueSession } from './dialogue/single-dialogue-session';
import { socketFailure } from './elevenlabs-errors';
import { MultiStreamSession } from './multi-stream-session';
import { SingleStreamSession } from './single-stream-session';
import type { SocketAccess } from './socket-access';
import { parseSocketSettings, type SocketSettings } from './socket-settings';
import type { ElevenLabsDeps } from './vendor-deps';

type SpeechEndpoint = 'multi-stream-input' | 'stream-input';
type DialogueEndpoint = 'dialogue-multi-stream-input' | 'dialogue-stream-input';

/** A speech socket as its path names it. */
export type SpeechSocket = { endpoint: SpeechEndpoint; voiceId: string } | { endpoint: DialogueEndpoint };

const SPEECH_PATH = /^\/v1\/text-to-speech\/([^/]+)\/(multi-stream-input|stream-input)$/;
const DIALOGUE_PATH = /^\/v1\/text-to-dialogue\/(multi-stream-input|stream-input)$/;

/** The socket at a path; undefined when there is none. */
export function speechSocketAt(pathname: string): SpeechSocket | undefined {
  const [, dialogue] = DIALOGUE_PATH.exec(pathname) ?? [];
  if (dialogue !== undefined) return { endpoint: dialogue === 'stream-input' ? 'dialogue-stream-input' : 'dialogue-multi-stream-input' };
  const [, voiceId, endpoint] = SPEECH_PATH.exec(pathname) ?? [];
  if (voiceId === undefined) return undefined;
  return { endpoint: endpoint === 'stream-input' ? 'stream-input' : 'multi-stream-input', voiceId: pathSegment(voiceId) };
}

/** The session of a socket, or the failure that ends it. */
export function openSpeechSession(
  target: SpeechSocket,
  query: URLSearchParams,
  link: SocketLink<ElevenLabsFault>,
  access: SocketAccess,
  deps: ElevenLabsDeps,
): SocketSession | SocketFailure {
  return 'voiceId' in target ? openSpeech(target, query, link, access, deps) : openDialogue(target.endpoint, query, link, access, deps);
}

function openSpeech(
  { endpoint, voiceId }: { endpoint: SpeechEndpoint; voiceId: string },
  query: URLSearchParams,
  link: SocketLink<ElevenLabsFault>,
  access: SocketAccess,
  deps: ElevenLabsDeps,
): SocketSession | SocketFailure {
  const settings: SocketSettings | SocketFailure = parseSocketSettings(voiceId, query, deps.limits.elevenLabsInactivityMs);
  if ('frame' in settings) return settings;
  const Session = endpoint === 'stream-input' ? SingleStreamSession : MultiStreamSession;
  return new Session(link, settings, access, deps);
}

/** A dialogue connection counts towards the account's concurrency as long as it is open. */
function openDialogue(
  endpoint: DialogueEndpoint,
  query: URLSearchParams,
  link: SocketLink<ElevenLabsFault>,
  access: SocketAccess,
  deps: ElevenLabsDeps,
): SocketSession | SocketFailure {
  const settings: DialogueSettings | SocketFailure = parseDialogueSettings(query);
  if ('frame' in settings) return settings;
  const tooMany = deps.gauge.refuse();
  if (tooMany) return socketFailure(tooMany, 'Too many concurrent requests.');
  deps.gauge.enter();
  link.gone.addEventListener('abort', () => deps.gauge.leave(), { once: true });
  const Session = endpoint === 'dialogue-stream-input' ? SingleDialogueSession : MultiDialogueSession;
  return new Session(link, settings, access, deps);
}
