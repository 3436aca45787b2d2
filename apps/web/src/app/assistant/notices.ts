import type { ErrorMessage, Notice as ServerNotice } from '@parley/protocol';
import type { MicrophoneProblem } from '../audio/microphones';
import type { LinkClosure } from '../transport/conversation-link';
import type { Notice } from '../ui/notice-list';

const TYPE_INSTEAD = 'You can type instead.';
const TRY_MICROPHONE = { does: 'microphone', label: 'Try the microphone again' } as const;

/** No microphone, in plain words. */
export function microphoneNotice(problem: MicrophoneProblem): Notice {
  const kind = 'microphone';
  switch (problem) {
    case 'insecure':
      return {
        kind,
        tone: 'warning',
        text: `Browsers allow the microphone only on secure pages: open this page over https, or on localhost. ${TYPE_INSTEAD}`,
      };
    case 'refused':
      return {
        kind,
        tone: 'warning',
        text: `The microphone is not allowed. Allow it for this page in your browser’s address bar to speak. ${TYPE_INSTEAD}`,
        action: TRY_MICROPHONE,
      };
    case 'missing':
      return { kind, tone: 'warning', text: `No microphone was found. Plug one in to speak. ${TYPE_INSTEAD}`, action: TRY_MICROPHONE };
    case 'busy':
      return {
        kind,
        tone: 'warning',
        text: `The microphone cannot be opened; another program may be using it. ${TYPE_INSTEAD}`,
        action: TRY_MICROPHONE,
      };
    case 'failed':
      return { kind, tone: 'warning', text: `The microphone did not start. ${TYPE_INSTEAD}`, action: TRY_MICROPHONE };
  }
}

/** The microphone went away while in use. */
export function microphoneLostNotice(): Notice {
  return {
    kind: 'microphone',
    tone: 'warning',
    text: `The microphone was unplugged. Plug it in again or choose another one. ${TYPE_INSTEAD}`,
    action: TRY_MICROPHONE,
  };
}

/** The connection is over for good; undefined for an end that needs no words. The page's main button is what to do about it. */
export function closureNotice(closure: LinkClosure): Notice | undefined {
  const kind = 'connection';
  switch (closure) {
    case 'ended':
    case 'declined':
      return undefined;
    case 'draining':
      return { kind, tone: 'warning', text: 'The server is shutting down or being updated. Reconnect in a moment.' };
    case 'refused':
      return { kind, tone: 'error', text: 'The server refused the connection. Reload the page, or try again later.' };
    case 'lost':
      return { kind, tone: 'error', text: 'The connection to the server is lost.' };
    case 'failed':
      return { kind, tone: 'error', text: 'A problem on the server ended the conversation.' };
  }
}

/** The connection broke and is being made again. */
export function retryNotice(attempt: number, attempts: number): Notice {
  return {
    kind: 'connection',
    tone: 'warning',
    text: `The connection was lost. Reconnecting (attempt ${attempt} of ${attempts}) …`,
    action: { does: 'reconnect', label: 'Reconnect now' },
  };
}

/** The connection was away for longer than the page keeps what it hears. */
export function audioDroppedNotice(): Notice {
  return {
    kind: 'audio-dropped',
    tone: 'warning',
    text: 'The connection was away for long: the first of what you said meanwhile is lost.',
  };
}

/** Nobody spoke for too long. */
export function inactivityNotice(timeoutMs: number | undefined): Notice {
  const after = timeoutMs === undefined ? 'after a while' : `after ${Math.round(timeoutMs / 1000)} seconds`;
  return { kind: 'ended', tone: 'info', text: `The conversation ended ${after} without speech. Start again whenever you like.` };
}

/** The conversation is near the greatest length that the server allows. */
export function endingNotice(inMs: number, nowMs: number): Notice {
  return { kind: 'ending', tone: 'warning', text: 'This conversation is as long as it may be. It ends in', untilMs: nowMs + inMs };
}

/** The conversation had its greatest length. */
export function lengthNotice(): Notice {
  return {
    kind: 'ended',
    tone: 'info',
    text: 'The conversation has ended, because it was as long as it may be. Start again whenever you like.',
  };
}

/** The agent hung up. */
export function hungUpNotice(): Notice {
  return { kind: 'ended', tone: 'info', text: 'The assistant has ended the conversation. Start again whenever you like.' };
}

/** News of the server, in its own plain words. */
export function serverNotice({ code, message }: ServerNotice): Notice {
  return { kind: `notice-${code}`, tone: code === 'audio_dropped' ? 'warning' : 'info', text: message };
}

/** A problem the server reports in its own plain words; one of a stage takes the place of the one before. */
export function errorNotice(error: ErrorMessage): Notice {
  const about = error.code === 'agent_failed' ? 'agent' : (error.stage ?? error.code);
  return { kind: `error-${about}`, tone: error.fatal ? 'error' : 'warning', text: error.message };
}

/** The server has no speech recognition. */
export function noRecognitionNotice(detail: string | undefined): Notice {
  return {
    kind: 'microphone',
    tone: 'info',
    text: `Speech recognition is not available here. Type your message below. ${detail ?? ''}`.trim(),
  };
}

/** The page can neither play nor capture: its address is not secure, or its audio modules did not load. */
export function noAudioNotice(insecure: boolean): Notice {
  const why = insecure
    ? 'Browsers allow microphone and playback only on secure pages: open this page over https, or on localhost.'
    : 'This page’s sound did not load; reloading it may help.';
  return { kind: 'sound', tone: 'warning', text: `${why} ${TYPE_INSTEAD} Your browser’s own voice reads the answers, where it has one.` };
}

/** The server has no voice. */
export function noVoiceNotice(): Notice {
  return {
    kind: 'sound',
    tone: 'info',
    text: 'The server has no voice now: your browser reads the answers. The microphone rests meanwhile; Stop ends the reading.',
  };
}

/** The browser or the system paused the page's sound. */
export function soundPausedNotice(): Notice {
  return {
    kind: 'sound-paused',
    tone: 'warning',
    text: 'The browser has paused the sound.',
    action: { does: 'sound', label: 'Turn it on' },
  };
}

/** Page and server do not speak the same protocol. */
export function versionNotice(): Notice {
  return { kind: 'version', tone: 'error', text: 'This page is older than the server. Reload it.' };
}
