import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { type NetworkLegs, RoomConnection, type RoomError, type RoomState, type RoomVisitor, type RoomWishes } from '@parley/client/rooms';
import type { RoomServerMessage } from '@parley/protocol';
import { SESSION_TOKENS } from '../server/session-tokens';
import { PAGE_RELOAD } from '../session/page-reload';
import type { Notice, NoticeAction } from '../ui/notice-list';
import { RoomConversation } from './room-conversation';
import { assistantNotice, deviceNotice, endedNotice, notSentNotice, reconnectingNotice, soundNotice } from './room-notices';
import { ROOMS_SETTINGS } from './rooms-settings';

/** The visitor's stay in a room: one at a time, left with the page. */
@Injectable()
export class RoomSession {
  private readonly settings = inject(ROOMS_SETTINGS);
  private readonly reload = inject(PAGE_RELOAD);
  private readonly tokens = inject(SESSION_TOKENS);
  private connection: RoomConnection | undefined;
  /** Who the visitor was in the stay before. */
  private visitor: RoomVisitor | undefined;
  private readonly current = signal<RoomState | undefined>(undefined);
  private readonly noticeList = signal<readonly Notice[]>([]);
  readonly notices = this.noticeList.asReadonly();
  readonly conversation = new RoomConversation();
  readonly legs = signal<NetworkLegs>({});
  /** The latest news of who came or went, for screen readers. */
  readonly news = signal('');
  /** Messages of others since the visitor last looked at the chat. */
  readonly unread = signal(0);

  /** The stay, while there is one. */
  readonly state = this.current.asReadonly();
  readonly phase = computed(() => this.current()?.phase ?? 'left');
  readonly members = computed(() => this.current()?.members ?? []);
  readonly assistant = computed(() => this.members().find(({ kind }) => kind === 'assistant'));
  /** What the visitor sees of the room: from the moment that they are in it until they leave. */
  readonly isInside = computed(() => this.phase() === 'joined' || this.phase() === 'reconnecting');
  /** Address of this room, to be given to others. */
  readonly link = computed(() => {
    const room = this.current()?.room;
    return room ? this.settings.linkTo(room) : '';
  });

  constructor() {
    inject(DestroyRef).onDestroy(() => void this.connection?.leave());
  }

  /** Joins a room. Must be called from a click, so that the browser plays sound. Resolves when one is in it, or it has failed. */
  async join(wishes: RoomWishes): Promise<void> {
    if (this.connection) return;
    this.noticeList.set([]);
    this.conversation.divide('You joined again.');
    this.legs.set({});
    this.unread.set(0);
    const handlers = {
      onState: (state: RoomState) => this.changed(state),
      onMessage: (message: RoomServerMessage) => this.received(message),
      onChat: (chat: Parameters<RoomConversation['chat']>[0]) => {
        this.conversation.chat(chat, performance.now());
        if (!chat.isMe) this.unread.update((count) => count + 1);
      },
      onDeviceProblem: (...problem: Parameters<typeof deviceNotice>) => this.notify(deviceNotice(...problem)),
      onLegs: (legs: NetworkLegs) => this.legs.set(legs),
      onEnded: (error: RoomError) => this.ended(error),
    };
    this.connection = new RoomConnection(
      this.settings.apiUrl,
      { ...wishes, visitor: this.visitor },
      handlers,
      this.settings.openLink,
      Math.random,
      this.tokens,
    );
    this.current.set(this.connection.state);
    await this.connection.join();
  }

  async leave(): Promise<void> {
    const { connection } = this;
    this.close();
    this.noticeList.set([]);
    await connection?.leave();
  }

  setMicrophone(on: boolean): void {
    if (on) this.dismiss('microphone');
    void this.connection?.setMicrophone(on);
  }

  useMicrophone(deviceId: string): void {
    void this.connection?.useMicrophone(deviceId);
  }

  setCamera(on: boolean): void {
    this.dismiss('camera');
    void this.connection?.setCamera(on);
  }

  setScreen(on: boolean): void {
    this.dismiss('screen');
    void this.connection?.setScreen(on);
  }

  async sendChat(text: string): Promise<void> {
    if (await this.connection?.sendChat(text)) this.dismiss('chat');
    else this.notify(notSentNotice());
  }

  /** Stops the assistant's reply. */
  interrupt(): void {
    void this.connection?.interrupt();
  }

  /** Does what a notice offers. */
  act(what: NoticeAction): void {
    switch (what) {
      case 'reconnect':
        this.connection?.reconnect();
        break;
      case 'microphone':
        this.setMicrophone(true);
        break;
      case 'sound':
        void this.connection?.startAudio();
        break;
      case 'reload':
        this.reload();
        break;
    }
  }

  dismiss(kind: string): void {
    this.noticeList.update((notices) => notices.filter((notice) => notice.kind !== kind));
  }

  private notify(notice: Notice | undefined): void {
    if (notice) this.noticeList.update((notices) => [...notices.filter(({ kind }) => kind !== notice.kind), notice]);
  }

  private changed(state: RoomState): void {
    const before = this.current();
    this.current.set(state);
    if (state.phase === 'joined') this.tellNews(before, state);
    this.conversation.seated(state.members);
    if (state.phase === 'reconnecting') this.notify(reconnectingNotice());
    else this.dismiss('connection');
    if (state.sounding) this.dismiss('sound');
    else this.notify(soundNotice());
    if (state.microphone === 'on') this.dismiss('microphone');
  }

  /** Who came and who went; not everybody again after a connection that was lost. */
  private tellNews(before: RoomState | undefined, now: RoomState): void {
    if (before?.phase !== 'joined') return;
    const isIn = (state: RoomState, identity: string): boolean => state.members.some((member) => member.identity === identity);
    const came = now.members.filter(({ identity }) => !isIn(before, identity)).map(({ name }) => `${name} joined.`);
    const went = before.members.filter(({ identity }) => !isIn(now, identity)).map(({ name }) => `${name} left.`);
    if (came.length + went.length > 0) this.news.set([...came, ...went].join(' '));
  }

  private received(message: RoomServerMessage): void {
    this.conversation.apply(message, this.members());
    if (message.type === 'error' || message.type === 'notice') this.notify(assistantNotice(message));
  }

  private ended(error: RoomError): void {
    this.close();
    this.noticeList.set([endedNotice(error)]);
  }

  private close(): void {
    this.visitor = this.connection?.visitor ?? this.visitor;
    this.connection = undefined;
    this.current.set(undefined);
    this.conversation.settle();
  }
}
