import { type MicrophoneProblem, type OwnDevice, type RoomError, type RoomProblem } from '@parley/client/rooms';
import type { ErrorMessage, Notice as ServerNotice } from '@parley/protocol';
import { microphoneNotice } from '../session/notices';
import type { Notice } from '../ui/notice-list';

/** A device was not given. Nothing is said to somebody who was asked and said no to a screen. */
export function deviceNotice(device: OwnDevice, problem: MicrophoneProblem): Notice | undefined {
  if (device === 'microphone') return microphoneNotice(problem);
  if (device === 'screen' && problem === 'refused') return undefined;
  const what = device === 'camera' ? 'camera' : 'screen';
  const why: Record<MicrophoneProblem, string> = {
    insecure: 'Browsers allow it only on secure pages: open this page over https, or on localhost.',
    refused: 'Allow it for this page in your browser’s address bar.',
    missing: 'None was found.',
    busy: 'Another program may be using it.',
    failed: 'It did not start.',
  };
  return { kind: device, tone: 'warning', text: `The ${what} cannot be used. ${why[problem]}` };
}

/** The stay is over, and the visitor did not end it. */
export function endedNotice({ problem, message }: RoomError): Notice {
  const reload = { does: 'reload', label: 'Reload' } as const;
  const calm: readonly RoomProblem[] = ['room_ended', 'replaced'];
  return {
    kind: 'ended',
    tone: calm.includes(problem) ? 'info' : 'error',
    text: message,
    ...(problem === 'not_loaded' && { action: reload }),
  };
}

/** The connection is being repaired. */
export function reconnectingNotice(): Notice {
  return {
    kind: 'connection',
    tone: 'warning',
    text: 'The connection to the room is interrupted: others may not hear you. Reconnecting\u00a0…',
    action: { does: 'reconnect', label: 'Reconnect now' },
  };
}

/** The browser plays no sound before the visitor has clicked. */
export function soundNotice(): Notice {
  return {
    kind: 'sound',
    tone: 'warning',
    text: 'Your browser holds back the sound of the room.',
    action: { does: 'sound', label: 'Turn it on' },
  };
}

/** A message was not sent. */
export function notSentNotice(): Notice {
  return { kind: 'chat', tone: 'warning', text: 'Your message was not sent: there is no connection at the moment.' };
}

/** What the assistant says about a failure, or about itself. */
export function assistantNotice(message: ErrorMessage | ServerNotice): Notice {
  const isError = message.type === 'error';
  return { kind: `assistant-${message.code}`, tone: isError ? 'error' : 'info', text: message.message };
}
