import { ChangeDetectionStrategy, Component, type ElementRef, afterRenderEffect, computed, inject, viewChild } from '@angular/core';
import {
  AssistantSession,
  type BadgeActivity,
  Composer,
  EngineChoice,
  LatencyPanel,
  LevelMeter,
  MicrophoneSelect,
  NoticeList,
  ProviderPanel,
  StateBadge,
  TranscriptList,
  provideAssistant,
} from '@parley/angular';

/** The page on which one talks with the assistant. */
@Component({
  selector: 'app-assistant-page',
  imports: [Composer, EngineChoice, LatencyPanel, LevelMeter, MicrophoneSelect, NoticeList, ProviderPanel, StateBadge, TranscriptList],
  providers: [provideAssistant()],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h1 class="visually-hidden">Voice assistant</h1>

    <div class="status">
      <parley-state-badge [state]="view.state()" [activity]="activity()" [hearing]="audible()" />
      @if (running()) {
        <div class="meters">
          @if (session.hearing()) {
            <span aria-hidden="true">You</span>
            <parley-level-meter data-testid="level" label="Microphone level" [read]="session.inputDbfs" />
          }
          <span aria-hidden="true">Assistant</span>
          <parley-level-meter class="meter-out" data-testid="output-level" label="Speaker level" [read]="session.outputDbfs" />
        </div>
      }
    </div>

    @if (session.engines().length > 1) {
      <parley-engine-choice
        [engines]="session.engines()"
        [selected]="session.engine()"
        [disabled]="running()"
        (chosen)="session.chooseEngine($event)"
      />
    }

    <parley-notice-list [notices]="view.notices()" (act)="session.act($event)" (dismissed)="view.dismiss($event)" />

    <section class="conversation" [class.conversation-empty]="!hasTranscript()">
      <parley-transcript-list [entries]="view.transcript.entries()" />

      @if (disconnected()) {
        <div class="welcome">
          <button #mainButton type="button" class="button primary large" data-testid="reconnect" (click)="session.reconnect()">
            Reconnect
          </button>
          @if (hasTranscript()) {
            <button type="button" class="button quiet" data-testid="clear" (click)="session.clear()">Clear the transcript</button>
          }
        </div>
      } @else if (!running()) {
        <div class="welcome">
          @if (!hasTranscript()) {
            <p class="welcome-lead">Talk with the assistant.</p>
            <p class="welcome-text">Speak as you would to a person, and interrupt whenever you like.</p>
          }
          <button #mainButton type="button" class="button primary large" data-testid="start" (click)="session.start()">
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d="M12 15a3 3 0 0 0 3-3V6a3 3 0 1 0-6 0v6a3 3 0 0 0 3 3Zm6-3a6 6 0 0 1-12 0M12 18v3" />
            </svg>
            Start
          </button>
          <button type="button" class="button" data-testid="start-typing" (click)="session.start(false)">Start without a microphone</button>
          @if (hasTranscript()) {
            <button type="button" class="button quiet" data-testid="clear" (click)="session.clear()">Clear the transcript</button>
          }
        </div>
      } @else if (!hasTranscript()) {
        <p class="conversation-hint">{{ connected() ? (audible() ? 'Say something.' : 'Type a message below.') : '' }}</p>
      }
    </section>

    @if (running()) {
      <parley-composer [disabled]="!connected()" [placeholder]="placeholder()" (sent)="session.sendText($event)" />
    }

    <div #controls class="controls" role="group" aria-label="Conversation controls" tabindex="-1">
      <parley-microphone-select
        [microphones]="session.microphones()"
        [selected]="session.microphone()"
        (chosen)="session.chooseMicrophone($event)"
      />
      @if (running()) {
        <button
          type="button"
          class="button"
          data-testid="mute"
          [disabled]="!session.hearing()"
          (click)="session.setMuted(!session.muted())"
        >
          {{ session.muted() ? 'Unmute' : 'Mute' }}
        </button>
        <button type="button" class="button" data-testid="stop" [disabled]="!session.stoppable()" (click)="session.stop()">Stop</button>
        <button type="button" class="button danger" data-testid="end" (click)="session.end()">End</button>
      }
    </div>

    <div class="folds">
      <parley-latency-panel [turns]="view.latencies.turns()" [gaps]="view.gaps()" />
      <parley-provider-panel [providers]="view.providers()" />
    </div>
  `,
  host: { class: 'assistant' },
})
export class AssistantPage {
  protected readonly session = inject(AssistantSession);
  protected readonly view = this.session.view;
  protected readonly disconnected = computed(() => this.session.phase() === 'disconnected');
  protected readonly running = computed(() => this.session.phase() !== 'idle' && !this.disconnected());
  protected readonly connected = computed(() => this.session.phase() === 'live');
  protected readonly hasTranscript = computed(() => this.view.transcript.entries().length > 0);
  /** What the visitor says arrives: a microphone is open, and the browser lets the sound run. */
  protected readonly audible = computed(() => this.session.hearing() && this.session.sounding());
  protected readonly activity = computed((): BadgeActivity => {
    switch (this.session.phase()) {
      case 'starting':
        return 'connecting';
      case 'reconnecting':
        return 'reconnecting';
      case 'disconnected':
        return 'disconnected';
      case 'live':
        return this.session.sounding() ? 'none' : 'silenced';
      case 'idle':
        return 'none';
    }
  });
  protected readonly placeholder = computed(() => {
    if (!this.connected()) return 'Connecting …';
    return this.audible() ? 'Speak, or type a message' : 'Type a message';
  });

  private readonly mainButton = viewChild<ElementRef<HTMLElement>>('mainButton');
  private readonly controls = viewChild.required<ElementRef<HTMLElement>>('controls');
  private shownRunning = false;

  constructor() {
    // Start, Reconnect and End leave the page when they are pressed: the keyboard's place goes on to what took over.
    afterRenderEffect(() => {
      if (this.running() === this.shownRunning) return;
      this.shownRunning = this.running();
      (this.mainButton() ?? this.controls()).nativeElement.focus({ preventScroll: true });
    });
  }
}
