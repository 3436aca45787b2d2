/** A microphone the visitor can choose. `id` is empty for the system's default before access was granted. */
export interface MicrophoneChoice {
  id: string;
  label: string;
}

/** What can stand between the page and a microphone. */
export type MicrophoneProblem = 'insecure' | 'refused' | 'missing' | 'busy' | 'failed';

/** The problem that is known without asking: browsers offer no microphone (and no worklet) to pages from insecure addresses. */
export function knownMicrophoneProblem(): MicrophoneProblem | undefined {
  return mediaDevices() ? undefined : 'insecure';
}

/** Asks for the microphone, processed for a hands-free conversation. A chosen device that is gone gives way to the default one. Rejects with the browser's DOMException. */
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

/** What a rejection of `openMicrophone` means. */
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

/** Whether the visitor, or a rule of the browser, has forbidden the microphone; false also where the browser does not say. */
export async function isMicrophoneForbidden(): Promise<boolean> {
  try {
    const permissions: Permissions | undefined = navigator.permissions;
    return (await permissions?.query({ name: 'microphone' }))?.state === 'denied';
  } catch {
    return false;
  }
}

/** The microphones there are now; labels are known only after access was granted. Empty where there are none or they cannot be listed. */
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

/** Calls back whenever a device comes or goes, until the returned function is called. */
export function watchMicrophones(changed: () => void): () => void {
  const devices = mediaDevices();
  devices?.addEventListener('devicechange', changed);
  return () => devices?.removeEventListener('devicechange', changed);
}

/** The DOM types promise it always; on insecure pages it is not there. */
function mediaDevices(): MediaDevices | undefined {
  return navigator.mediaDevices;
}

function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
}
