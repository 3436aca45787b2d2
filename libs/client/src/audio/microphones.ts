/** A microphone the visitor can choose. `id` is empty for the system's default before access was granted. */
export interface MicrophoneChoice {
  id: string;
  label: string;
}

/** Why the page cannot use a microphone. */
export type MicrophoneProblem = 'insecure' | 'refused' | 'missing' | 'busy' | 'failed';

/** A problem that is known without asking for access: pages from insecure addresses get no microphone (and no worklet). */
export function knownMicrophoneProblem(): MicrophoneProblem | undefined {
  return mediaDevices() ? undefined : 'insecure';
}

/**
 * Asks for the microphone, with echo cancellation and other processing for a hands-free conversation. If the chosen device does not exist any
 * more, the default one is used. Rejects with the browser's DOMException.
 */
export async function openMicrophone(deviceId: string): Promise<MediaStream> {
  const audio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
  if (!deviceId) return navigator.mediaDevices.getUserMedia({ audio });
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { ...audio, deviceId: { exact: deviceId } } });
  } catch (error) {
    if (nameOf(error) !== 'OverconstrainedError' && nameOf(error) !== 'NotFoundError') throw error;
    return navigator.mediaDevices.getUserMedia({ audio });
  }
}

/** Translates a rejection of `openMicrophone`. */
export function microphoneProblemOf(error: unknown): MicrophoneProblem {
  switch (nameOf(error)) {
    case 'NotAllowedError':
      return 'refused';
    case 'SecurityError':
      return 'insecure';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'failed';
  }
}

/** Whether the visitor or the browser has forbidden the microphone. False also if the browser does not report that. */
export async function isMicrophoneForbidden(): Promise<boolean> {
  try {
    const permissions: Permissions | undefined = navigator.permissions;
    return (await permissions?.query({ name: 'microphone' }))?.state === 'denied';
  } catch {
    return false;
  }
}

/** The available microphones. Labels are known only after access was granted. Empty if there are none or they cannot be listed. */
export async function listMicrophones(): Promise<MicrophoneChoice[]> {
  try {
    const devices = (await mediaDevices()?.enumerateDevices()) ?? [];
    return devices
      .filter((device) => device.kind === 'audioinput')
      .map((device, index) => ({ id: device.deviceId, label: device.label || `Microphone ${index + 1}` }));
  } catch {
    return [];
  }
}

/** Calls back whenever a device is added or removed, until the returned function is called. */
export function watchMicrophones(changed: () => void): () => void {
  const devices = mediaDevices();
  devices?.addEventListener('devicechange', changed);
  return () => devices?.removeEventListener('devicechange', changed);
}

/** Missing on insecure pages, although the DOM types say otherwise. */
function mediaDevices(): MediaDevices | undefined {
  return navigator.mediaDevices;
}

function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
}
