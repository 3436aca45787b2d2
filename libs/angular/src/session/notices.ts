import type { LinkClosure, MicrophoneProblem, RetryCause, SoundProblem } from '@parley/client';
import type { ErrorMessage, Notice as ServerNotice } from '@parley/protocol';
import type { Notice } from '../ui/notice-list';

const TYPE_INSTEAD = 'You can type instead.';
const RELOAD = { does: 'reload', label: 'Reload' } as const;
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

/** The browser asks for the microphone, and nobody has answered yet. */
export function microphoneAskedNotice(): Notice {
  return {
    kind: 'microphone',
    tone: 'info',
    text: `Your browser is asking whether this page may use the microphone. Allow it if you want to speak. ${TYPE_INSTEAD}`,
  };
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
    case 'mismatched':
      return undefined;
    case 'unreachable':
      return { kind, tone: 'error', text: 'The server cannot be reached. Check your network, or try again later.' };
    case 'draining':
      return { kind, tone: 'warning', text: 'The server is shutting down or being updated. Reconnect in a moment.' };
    case 'refused':
      return { kind, tone: 'error', text: 'The server refused the connection. Reload the page, or try again later.', action: RELOAD };
    case 'busy':
      return { kind, tone: 'warning', text: 'The server has no room for another conversation now. Try again later.' };
    case 'lost':
      return { kind, tone: 'error', text: 'The connection to the server is lost.' };
    case 'failed':
      return { kind, tone: 'error', text: 'A problem on the server ended the conversation.' };
  }
}

/** There is no connection, and the page tries for minutes to make one. */
export function retryNotice(cause: RetryCause): Notice {
  const kind = 'connection';
  switch (cause) {
    case 'unreachable':
      return {
        kind,
        tone: 'warning',
        text: 'The server cannot be reached. Trying again\u00a0…',
        action: { does: 'reconnect', label: 'Try now' },
      };
    case 'lost':
      return {
        kind,
        tone: 'warning',
        text: 'The connection was lost. Reconnecting\u00a0…',
        action: { does: 'reconnect', label: 'Reconnect now' },
      };
    case 'draining':
      return {
        kind,
        tone: 'warning',
        text: 'The server is shutting down or being updated. Reconnecting\u00a0…',
        action: { does: 'reconnect', label: 'Reconnect now' },
      };
    case 'busy':
      return { kind, tone: 'warning', text: 'The server has no room for another conversation now. Trying again in a moment\u00a0…' };
  }
}

/** What stands in the transcript where the conversation that follows a lost one begins; nothing where there was none to lose. */
export function newConversationWords(cause: RetryCause): string | undefined {
  switch (cause) {
    case 'unreachable':
    case 'busy':
      return undefined;
    case 'lost':
      return 'Connection lost. A new conversation from here: the assistant does not remember what is above.';
    case 'draining':
      return 'The server was restarted. A new conversation from here: the assistant does not remember what is above.';
  }
}

/** There was no connection for longer than the page keeps what it hears. */
export function audioDroppedNotice(): Notice {
  return {
    kind: 'audio-dropped',
    tone: 'warning',
    text: 'There was no connection for long: the first of what you said meanwhile is lost.',
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
  return { kind: `notice-${code}`, tone: code === 'audio_dropped' || code === 'slow_connection' ? 'warning' : 'info', text: message };
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

/** The page can neither play nor capture, or cannot play any more. */
export function noAudioNotice(problem: SoundProblem | 'broken'): Notice {
  return {
    kind: 'sound',
    tone: 'warning',
    text: `${NO_AUDIO[problem]} ${TYPE_INSTEAD} Your browser’s own voice reads the answers, where it has one.`,
  };
}

const NO_AUDIO: Record<SoundProblem | 'broken', string> = {
  insecure: 'Browsers allow microphone and playback only on secure pages: open this page over https, or on localhost.',
  unsupported: 'Your browser gives this page no sound: it has no Web Audio, or no audio device.',
  not_loaded: 'This page’s sound did not load; reloading it may help.',
  broken: 'This page’s playback has failed; reloading it may help.',
};

/** The server has no voice. */
export function noVoiceNotice(): Notice {
  return {
    kind: 'sound',
    tone: 'info',
    text: 'The server has no voice now: your browser reads the answers. The microphone rests meanwhile; Stop ends the reading.',
  };
}

/** The browser or the system paused the page's sound, or has not let it begin; nothing is heard in either direction. */
export function soundPausedNotice(): Notice {
  return {
    kind: 'sound-paused',
    tone: 'warning',
    text: `The browser has paused the sound: you hear nothing, and are not heard. ${TYPE_INSTEAD}`,
    action: { does: 'sound', label: 'Turn it on' },
  };
}

/** Page and server do not speak the same protocol. */
export function versionNotice(): Notice {
  return {
    kind: 'version',
    tone: 'error',
    text: 'This page and the server are of different versions. Reload the page.',
    action: RELOAD,
  };
}
