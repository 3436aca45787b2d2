import { DOCUMENT, Location } from '@angular/common';
import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  afterRenderEffect,
  computed,
  effect,
  inject,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { ActivatedRoute } from '@angular/router';
import {
  AssistantPresence,
  Composer,
  LatencyPanel,
  type LobbyChoice,
  MemberGrid,
  MicrophoneSelect,
  MicrophoneTrial,
  NetworkLegsPanel,
  NoticeList,
  type RoomControl,
  RoomControls,
  RoomLobby,
  RoomSession,
  TranscriptList,
  provideRooms,
  rememberName,
  rememberedName,
  roomsOffer,
} from '@parley/angular/rooms';
import { ServerConfig } from '@parley/angular/server';

/** How long the button says that the link was copied. */
const COPIED_FOR_MS = 2_000;
const roomPath = (room: string): string => `/rooms/${encodeURIComponent(room)}`;

/** The page on which several people and the assistant talk in a room. */
@Component({
  selector: 'app-rooms-page',
  imports: [
    AssistantPresence,
    Composer,
    LatencyPanel,
    MemberGrid,
    MicrophoneSelect,
    NetworkLegsPanel,
    NoticeList,
    RoomControls,
    RoomLobby,
    TranscriptList,
  ],
  providers: [provideRooms(() => ({ apiUrl: '/api', linkTo: (room) => new URL(roomPath(room), document.baseURI).href }))],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './rooms-page.html',
  styleUrl: './rooms-page.css',
  host: { '[class.inside]': 'session.isInside()' },
})
export class RoomsPage {
  protected readonly session = inject(RoomSession);
  protected readonly trial = inject(MicrophoneTrial);
  protected readonly offer = computed(() => roomsOffer(this.server.config()));
  protected readonly name = signal(rememberedName());
  protected readonly room = signal(invitedTo(inject(ActivatedRoute)));
  protected readonly isChatOpen = signal(true);
  protected readonly isCopied = signal(false);
  protected readonly hasTranscript = computed(() => this.session.conversation.transcript.entries().length > 0);

  private readonly server = inject(ServerConfig);
  private readonly location = inject(Location);
  private readonly window = inject(DOCUMENT).defaultView;
  protected readonly canShare = typeof this.window?.navigator.mediaDevices?.getDisplayMedia === 'function';
  private readonly inside = viewChild<ElementRef<HTMLElement>>('inside');
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private wasInside = false;

  constructor() {
    // The address bar shows the room, so that it can be given to others or be opened again.
    effect(() => {
      const { room } = this.session.state() ?? {};
      if (!this.session.isInside() || !room) return;
      this.room.set(room);
      untracked(() => this.location.replaceState(roomPath(room)));
    });
    // Messages that are seen as they come are not counted.
    effect(() => {
      if (this.isChatOpen() && this.session.unread() > 0) this.session.unread.set(0);
    });
    // Join and Leave go from the page when they are pressed: the keyboard's place goes on to what took over.
    afterRenderEffect(() => {
      const isInside = this.session.isInside();
      if (isInside === this.wasInside) return;
      this.wasInside = isInside;
      const place = isInside ? this.inside()?.nativeElement : this.host.querySelector<HTMLElement>('[data-testid=join]');
      place?.focus({ preventScroll: true });
    });
  }

  protected async join({ name, room, withMicrophone, onlyWhenAddressed }: LobbyChoice): Promise<void> {
    this.name.set(name);
    this.room.set(room);
    rememberName(name);
    this.trial.stop();
    await this.session.join({
      name,
      join: { ...(room !== '' && { room }), ...(onlyWhenAddressed && { only_when_addressed: true }) },
      ...(withMicrophone && { microphoneId: this.trial.chosen() }),
    });
  }

  protected chooseMicrophone(deviceId: string): void {
    void this.trial.choose(deviceId);
    this.session.useMicrophone(deviceId);
  }

  protected press(control: RoomControl): void {
    const state = this.session.state();
    switch (control) {
      case 'mute':
        this.session.setMicrophone(state?.microphone !== 'on');
        break;
      case 'camera':
        this.session.setCamera(!state?.camera);
        break;
      case 'share':
        this.session.setScreen(!state?.screen);
        break;
      case 'chat':
        this.isChatOpen.update((isOpen) => !isOpen);
        break;
      case 'copy':
        void this.copyLink();
        break;
      case 'leave':
        void this.session.leave();
        break;
    }
  }

  private async copyLink(): Promise<void> {
    try {
      await this.window?.navigator.clipboard.writeText(this.session.link());
    } catch {
      // It stands on the page to be copied by hand.
      return;
    }
    this.isCopied.set(true);
    setTimeout(() => this.isCopied.set(false), COPIED_FOR_MS);
  }
}

/** The room that a link leads to: `/rooms/<room>` or `/rooms?room=<room>`. */
function invitedTo({ snapshot }: ActivatedRoute): string {
  return snapshot.paramMap.get('room') ?? snapshot.queryParamMap.get('room') ?? '';
}
