import type { JoinRoom } from '@parley/protocol';
import { Retries } from '../link/retries';
import type { SessionTokenSource } from '../link/session-token';
import { OwnDevices, type WantedDevices } from './own-devices';
import { requestRoomAccess } from './room-access';
import { RoomError, mayPassByItself } from './room-error';
import { newIdentity } from './room-identity';
import type { OpenRoomLink, RoomLink, RoomLinkHandlers } from './room-link';
import { RoomMail } from './room-mail';
import type { RoomConnectionHandlers, RoomState, RoomVisitor, RoomWishes } from './room-state';

/** How often the network is measured. */
export const MEASURE_EVERY_MS = 2_000;

const openLivekit: OpenRoomLink = async (handlers) => {
  try {
    const { LivekitLink } = await import('./livekit-link');
    return new LivekitLink(handlers);
  } catch {
    throw new RoomError('not_loaded');
  }
};

/**
 * One stay in a room, from Join to Leave: the permission from our server, the media server, the devices, and another attempt when the
 * connection is lost. Closed by its owner with `leave`, which releases everything.
 */
export class RoomConnection {
  private current: RoomState;
  private who: RoomVisitor;
  private link: RoomLink | undefined;
  private devices: OwnDevices | undefined;
  private mail: RoomMail | undefined;
  private readonly wanted: WantedDevices;
  private readonly leaving = new AbortController();
  private readonly retries: Retries;
  private timer: ReturnType<typeof setInterval> | undefined;
  private isRejoining = false;

  /** `apiUrl` is the address that `/api` stands for, without a slash at its end. `random` as `Math.random`. */
  constructor(
    private readonly apiUrl: string,
    private readonly wishes: RoomWishes,
    private readonly handlers: RoomConnectionHandlers,
    private readonly openLink: OpenRoomLink = openLivekit,
    private readonly random: () => number = Math.random,
    private readonly tokens: SessionTokenSource = () => undefined,
  ) {
    this.who = wishes.visitor ?? { identity: newIdentity(wishes.name, random) };
    this.wanted = { microphoneId: wishes.microphoneId, muted: false, camera: false };
    const room = wishes.join.room ?? '';
    this.current = { phase: 'joining', room, members: [], microphone: 'off', camera: false, screen: false, sounding: true };
    this.retries = new Retries(() => void this.rejoin(), random);
  }

  get state(): RoomState {
    return this.current;
  }

  get visitor(): RoomVisitor {
    return this.who;
  }

  /** Joins. Resolves when one is in the room, or when it has failed and `onEnded` was told why. */
  async join(): Promise<void> {
    try {
      await this.enter().catch((error: unknown) => {
        // Somebody has it elsewhere: another tab that was copied from this one.
        if (roomErrorOf(error).problem !== 'taken' || !this.wishes.visitor) throw error;
        this.renew();
        return this.enter();
      });
    } catch (error) {
      this.end(roomErrorOf(error));
    }
  }

  /** Opens the microphone or unmutes it (true), or mutes it (false). What keeps it from that is reported. */
  async setMicrophone(on: boolean): Promise<void> {
    this.wanted.muted = !on;
    if (on) this.wanted.microphoneId ??= '';
    await this.devices?.set('microphone', on);
  }

  /** Uses this microphone from now on. Empty: the default one. */
  async useMicrophone(deviceId: string): Promise<void> {
    this.wanted.microphoneId = deviceId;
    await this.devices?.changeMicrophone();
  }

  /** Reports like `setMicrophone`. */
  async setCamera(on: boolean): Promise<void> {
    this.wanted.camera = on;
    await this.devices?.set('camera', on);
  }

  /** Must be called from a click. Reports like `setMicrophone`. */
  async setScreen(on: boolean): Promise<void> {
    await this.devices?.set('screen', on);
  }

  /** Writes to everybody in the room. Whether it was sent. */
  async sendChat(text: string): Promise<boolean> {
    return this.current.phase === 'joined' && (await this.mail?.write(text)) === true;
  }

  /** Asks the assistant to stop speaking. Whether it was sent. */
  async interrupt(): Promise<boolean> {
    return (await this.mail?.interrupt()) === true;
  }

  /** Lets the browser play the room's sound. Must be called from a click. */
  async startAudio(): Promise<void> {
    await this.link?.startAudio().catch(() => undefined);
  }

  /** Tries again at once, instead of waiting for the next attempt. */
  reconnect(): void {
    if (this.current.phase === 'reconnecting' && !this.link) void this.rejoin();
  }

  /** Leaves the room, and releases microphone, camera, screen, sound and connection. Resolves when that is done. Idempotent. */
  async leave(): Promise<void> {
    this.leaving.abort();
    await this.release();
  }

  private async enter(): Promise<void> {
    const { signal } = this.leaving;
    const { room } = this.current;
    const join: JoinRoom = {
      ...this.wishes.join,
      ...(room !== '' && { room }),
      ...(this.who.token !== undefined && { previous_token: this.who.token }),
      identity: this.who.identity,
      name: this.wishes.name,
    };
    const access = await requestRoomAccess(this.apiUrl, join, signal, this.tokens);
    const stay: { link?: RoomLink } = {};
    const link = await this.openLink(this.linkHandlers(() => stay.link !== undefined && stay.link === this.link));
    stay.link = link;
    try {
      signal.throwIfAborted();
      this.link = link;
      this.mail = new RoomMail(link, this.handlers);
      await link.connect(access.url, access.token);
      signal.throwIfAborted();
    } catch (error) {
      if (this.link === link) void this.releaseLink();
      else void link.close();
      throw error;
    }
    this.who = { identity: this.who.identity, token: access.token };
    this.entered(link, access.room);
  }

  private entered(link: RoomLink, room: string): void {
    this.retries.stop();
    this.retries.forget();
    this.devices = new OwnDevices(
      link,
      this.wanted,
      () => this.changed(),
      (device, problem) => this.handlers.onDeviceProblem(device, problem),
    );
    this.timer = setInterval(() => void this.measure(link), MEASURE_EVERY_MS);
    this.changed({ phase: 'joined', room });
    this.devices.begin();
  }

  private linkHandlers(isCurrent: () => boolean): RoomLinkHandlers {
    const whenCurrent =
      <Args extends unknown[]>(does: (...args: Args) => void) =>
      (...args: Args): void => {
        if (isCurrent()) does(...args);
      };
    return {
      onMembers: whenCurrent(() => this.changed()),
      onInterrupted: whenCurrent((interrupted) => this.changed({ phase: interrupted ? 'reconnecting' : 'joined' })),
      onData: whenCurrent((topic, bytes, identity) => this.mail?.received(topic, bytes, identity)),
      onText: whenCurrent((topic, text, identity) => this.mail?.written(topic, text, identity)),
      onSound: whenCurrent((sounding) => this.changed({ sounding })),
      onEnded: whenCurrent((end) => this.failed(new RoomError(end))),
    };
  }

  /** Somebody who was in the room joins it again, if that may help. */
  private failed(error: RoomError): void {
    if (this.leaving.signal.aborted) return;
    void this.releaseLink();
    if (!mayPassByItself(error.problem) || this.retries.plan() === undefined) this.end(error);
    else this.changed({ phase: 'reconnecting' });
  }

  private async rejoin(): Promise<void> {
    this.retries.stop();
    if (this.isRejoining) return;
    this.isRejoining = true;
    try {
      await this.enter();
    } catch (error) {
      const why = roomErrorOf(error);
      // The media server notices late that a visitor was lost. Another identity may join at once.
      if (why.problem === 'taken') this.renew();
      this.failed(why.problem === 'taken' ? new RoomError('lost') : why);
    } finally {
      this.isRejoining = false;
    }
  }

  private renew(): void {
    this.who = { identity: newIdentity(this.wishes.name, this.random) };
  }

  private async measure(link: RoomLink): Promise<void> {
    const legs = await link.measureLegs().catch(() => undefined);
    if (legs && link === this.link) this.handlers.onLegs(legs);
  }

  /** Looks at the room again, and tells the page. */
  private changed(change: Partial<RoomState> = {}): void {
    if (this.leaving.signal.aborted) return;
    const members = this.link?.members() ?? [];
    const me = members.find(({ isMe }) => isMe);
    const microphone = this.devices?.microphone ?? 'off';
    const seen = { members, microphone, camera: me?.camera !== undefined, screen: me?.screen !== undefined };
    this.current = { ...this.current, ...seen, ...change };
    this.handlers.onState(this.current);
  }

  private end(error: RoomError): void {
    if (this.leaving.signal.aborted) return;
    this.leaving.abort();
    void this.release();
    this.handlers.onEnded(error);
  }

  private async release(): Promise<void> {
    this.retries.stop();
    this.current = { ...this.current, phase: 'left', members: [], microphone: 'off', camera: false, screen: false };
    await this.releaseLink();
  }

  private async releaseLink(): Promise<void> {
    const { link } = this;
    clearInterval(this.timer);
    this.devices?.close();
    this.devices = undefined;
    this.mail?.close();
    this.mail = undefined;
    this.link = undefined;
    await link?.close();
  }
}

function roomErrorOf(error: unknown): RoomError {
  return error instanceof RoomError ? error : new RoomError('failed');
}
