import type { PublicConfig } from '@parley/protocol';
import { FakeAudioContext, FakeAudioWorkletNode } from './fake-audio';
import { FakeEventSource } from './fake-event-source';
import { FakeMediaDevices } from './fake-media-devices';
import { FakeResizeObserver } from './fake-resize-observer';
import { FakeSpeechSynthesis, FakeUtterance } from './fake-speech';
import { FakeWebSocket } from './fake-web-socket';

/** What the server offers in the specs. */
export function publicConfig(stages: Partial<PublicConfig['stages']> = {}): PublicConfig {
  const demo = (name: string) => ({ name, simulated: true, available: true, detail: `${name} has no key.` });
  return {
    product: 'Parley',
    version: '0.1.0',
    protocol: 1,
    engines: ['pipeline'],
    stages: { stt: demo('sarvam'), llm: { name: 'openai', simulated: false, available: true }, tts: demo('elevenlabs'), ...stages },
    voices: [],
    languages: [],
    timing: { end_of_turn_silence_ms: 900, interrupt_confirm_ms: 200, inactivity_timeout_ms: 60_000 },
    audio: { input_sample_rate: 16_000, output_sample_rate: 24_000, frame_ms: 20 },
  };
}

/** The fakes of the parts of the browser that the page uses. */
export interface BrowserFakes {
  devices: FakeMediaDevices;
  speech: FakeSpeechSynthesis;
  /** The answer of `/api/config`. Undefined stands for a server without it, and 'never' for one that does not answer. */
  config: PublicConfig | 'never' | undefined;
  /** The content of any other file. Undefined stands for a server without it. */
  files: string | undefined;
  /** How often `/api/config` was asked for. */
  configRequests: number;
  /** The newest audio context. */
  context(): FakeAudioContext;
  /** The newest socket. */
  socket(): FakeWebSocket;
  restore(): void;
}

/** Replaces parts of the browser by fakes, until `restore`. */
export function installBrowserFakes(): BrowserFakes {
  FakeAudioContext.made.length = 0;
  FakeAudioContext.loading = Promise.resolve();
  FakeAudioContext.hasWorklets = true;
  FakeAudioContext.mayRun = true;
  FakeAudioContext.refusedModules = undefined;
  FakeAudioContext.refusesStreams = false;
  FakeAudioWorkletNode.hangs = false;
  FakeAudioWorkletNode.fails = false;
  FakeWebSocket.made.length = 0;
  FakeWebSocket.refuses = false;
  FakeEventSource.made.length = 0;
  const fakes: BrowserFakes = {
    devices: new FakeMediaDevices(),
    speech: new FakeSpeechSynthesis(),
    config: publicConfig(),
    files: undefined,
    configRequests: 0,
    context: () => newest(FakeAudioContext.made),
    socket: () => newest(FakeWebSocket.made),
    restore: () => {
      for (const undo of undos) undo();
    },
  };
  const undos = [
    replace(globalThis, 'AudioContext', FakeAudioContext),
    replace(globalThis, 'AudioWorkletNode', FakeAudioWorkletNode),
    replace(globalThis, 'WebSocket', FakeWebSocket),
    replace(globalThis, 'EventSource', FakeEventSource),
    replace(globalThis, 'SpeechSynthesisUtterance', FakeUtterance),
    replace(globalThis, 'speechSynthesis', fakes.speech),
    replace(globalThis, 'ResizeObserver', FakeResizeObserver),
    replace(navigator, 'mediaDevices', fakes.devices),
    // No jitter in the waits between attempts.
    replace(Math, 'random', () => 0.5),
    replace(globalThis, 'fetch', async (address: string, { signal }: { signal: AbortSignal }) => {
      if (address !== '/api/config') return { ok: fakes.files !== undefined, text: async () => fakes.files };
      fakes.configRequests += 1;
      const { config } = fakes;
      if (config === 'never') await aborted(signal);
      return { ok: config !== undefined, json: async () => config };
    }),
  ];
  return fakes;
}

/** Lets promises settle, also with fake timers. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}

/** Rejects when the signal is aborted, like a request that is never answered. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))));
}

function newest<T>(list: readonly T[]): T {
  const last = list.at(-1);
  if (last === undefined) throw new Error('The page has made none yet.');
  return last;
}

/** Replaces a property until the returned function is called. */
function replace(target: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(target, name, before);
    else Reflect.deleteProperty(target, name);
  };
}

/** Shows the page (true) or hides it (false). */
export function showPage(visible: boolean): void {
  Object.defineProperty(document, 'visibilityState', { value: visible ? 'visible' : 'hidden', configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}
