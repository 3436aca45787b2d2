import { type MicrophoneProblem, microphoneProblemOf } from '../audio/microphones';
import { DeviceSwitch } from './device-switch';
import type { RoomLink, RoomMember } from './room-link';
import type { OwnDevice } from './room-state';

/** What outlives a lost connection: the devices as the visitor wants them. */
export interface WantedDevices {
  /** Undefined: no microphone. Empty: the default one. */
  microphoneId: string | undefined;
  muted: boolean;
  camera: boolean;
}

/** The visitor's devices during one stay at a media server. */
export class OwnDevices {
  private readonly switches: Record<OwnDevice, DeviceSwitch>;
  /** The microphone is being asked for. */
  private opening = false;
  private closed = false;

  constructor(
    private readonly link: RoomLink,
    private readonly wanted: WantedDevices,
    private readonly onChange: () => void,
    private readonly onProblem: (device: OwnDevice, problem: MicrophoneProblem) => void,
  ) {
    this.switches = {
      microphone: new DeviceSwitch(
        () => this.me()?.microphone === 'on',
        (on) => link.setMicrophone(on, wanted.microphoneId ?? ''),
      ),
      camera: new DeviceSwitch(
        () => this.me()?.camera !== undefined,
        (on) => link.setCamera(on),
      ),
      screen: new DeviceSwitch(
        () => this.me()?.screen !== undefined,
        (on) => link.setScreen(on),
      ),
    };
  }

  /** Switches on what is wanted. A screen is not: browsers give one only in a click. */
  begin(): void {
    if (this.wanted.microphoneId !== undefined && !this.wanted.muted) void this.set('microphone', true);
    if (this.wanted.camera) void this.set('camera', true);
  }

  /** How the microphone is, for the page. */
  get microphone(): 'off' | 'opening' | 'on' | 'muted' {
    return this.opening ? 'opening' : (this.me()?.microphone ?? 'off');
  }

  async set(device: OwnDevice, on: boolean): Promise<void> {
    if (device === 'microphone') this.opening = on && this.me()?.microphone === 'off';
    this.onChange();
    try {
      await this.switches[device].set(on);
    } catch (error) {
      if (!this.closed) this.onProblem(device, microphoneProblemOf(error));
    }
    if (this.closed) return;
    if (device === 'microphone') this.opening = false;
    this.onChange();
  }

  /** Changes to the microphone that is wanted, if one is open. */
  async changeMicrophone(): Promise<void> {
    if ((this.me()?.microphone ?? 'off') === 'off') return;
    try {
      await this.link.changeMicrophone(this.wanted.microphoneId ?? '');
    } catch (error) {
      if (!this.closed) this.onProblem('microphone', microphoneProblemOf(error));
    }
  }

  /** Nothing more is reported. The link releases the devices. */
  close(): void {
    this.closed = true;
  }

  private me(): RoomMember | undefined {
    return this.link.members().find(({ isMe }) => isMe);
  }
}
