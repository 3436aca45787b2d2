import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWav, Resampler, pcm16ToFloat, floatToPcm16 } from '@parley/audio';
import { poll } from '@parley/testing/client';

const RATE_HZ = 48_000;
/** From the loudspeaker to the microphone, as across a desk. */
const ECHO_DELAY_MS = 30;
const START_TIMEOUT_MS = 10_000;

/**
 * A simulated room: a sound server of its own whose loudspeaker output is fed into its microphone. What is said in the room reaches the
 * microphone too. The caller must close it. Needs `pulseaudio` and its utilities.
 */
export class EchoRoom {
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-room-'));
  /** The environment variables for a program that uses this room's audio devices. */
  readonly env = {
    PATH: process.env['PATH'] ?? '',
    HOME: this.folder,
    XDG_RUNTIME_DIR: this.folder,
    PULSE_SERVER: `unix:${join(this.folder, 'pulse', 'native')}`,
  };
  private readonly daemon: ChildProcess;

  private constructor() {
    const load = ['module-native-protocol-unix', `module-null-sink sink_name=speaker rate=${RATE_HZ}`].flatMap((module) => ['-L', module]);
    this.daemon = spawn('pulseaudio', ['-n', '--daemonize=no', '--exit-idle-time=-1', ...load], {
      env: { PATH: this.env.PATH, HOME: this.folder, XDG_RUNTIME_DIR: this.folder },
      stdio: 'ignore',
    });
  }

  /** Rejects where there is no sound server to start. `echoDb`: how much quieter the microphone hears the loudspeaker; 0 is as loud. */
  static async open(echoDb = 0): Promise<EchoRoom> {
    const room = new EchoRoom();
    try {
      const answers = async (): Promise<boolean> => room.isRunning();
      await poll('the sound server', answers, (running) => running, START_TIMEOUT_MS);
      room.load('module-null-sink', 'sink_name=room', `rate=${RATE_HZ}`);
      room.load('module-loopback', 'source=speaker.monitor', 'sink=room', `latency_msec=${ECHO_DELAY_MS}`, 'adjust_time=0');
      room.load('module-remap-source', 'master=room.monitor', 'source_name=microphone');
      room.control('set-default-sink', 'speaker');
      room.control('set-default-source', 'microphone');
      if (echoDb !== 0) room.control('set-sink-input-volume', '0', `${echoDb}dB`);
      return room;
    } catch (error) {
      await room.close();
      throw error;
    }
  }

  /** Plays speech in the room (16 kHz mono). Resolves at its end. */
  async say(pcm: Int16Array): Promise<void> {
    const file = join(this.folder, 'voice.wav');
    const resampler = new Resampler({ fromRateHz: 16_000, toRateHz: RATE_HZ });
    writeFileSync(file, encodeWav(Int16Array.from(resampler.process(Float32Array.from(pcm, pcm16ToFloat)), floatToPcm16), RATE_HZ));
    const player = spawn('paplay', ['--device=room', file], { env: this.env, stdio: 'ignore' });
    const [exitCode] = (await once(player, 'exit')) as [number | null];
    if (exitCode !== 0) throw new Error(`paplay ended with ${exitCode}`);
  }

  async close(): Promise<void> {
    const { daemon } = this;
    if (daemon.exitCode === null && daemon.signalCode === null) {
      daemon.kill('SIGTERM');
      await once(daemon, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private isRunning(): boolean {
    if (this.daemon.exitCode !== null) throw new Error('pulseaudio does not start');
    try {
      this.control('info');
      return true;
    } catch {
      return false;
    }
  }

  private load(...module: readonly string[]): void {
    this.control('load-module', ...module);
  }

  private control(...words: readonly string[]): void {
    execFileSync('pactl', words, { env: this.env, stdio: 'pipe' });
  }
}
