import {
  createIsSpeakingObserver,
  participantAttributesObserver,
  participantByIdentifierObserver,
  setupChat,
  setupTextStream,
  trackTranscriptionObserver,
} from '@livekit/components-core';
import { type Participant, ParticipantKind, type RemoteTrackPublication, Room, RoomEvent, type TranscriptionSegment } from 'livekit-client';

/** One text that LiveKit's components would show. */
export interface ShownText {
  readonly from: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** One segment of the words of a track. */
export interface ShownSegment {
  readonly owner: string;
  readonly id: string;
  readonly text: string;
  readonly isFinal: boolean;
}

/** What LiveKit's components make of a room. */
export interface RoomAsShown {
  /** Identity of the participant that they take as the assistant. */
  assistant: string | undefined;
  /** Values of its state, in order. */
  readonly states: (string | undefined)[];
  /** Whether it was shown to be speaking, in order. */
  readonly speaking: boolean[];
  /** The text streams of the transcription, one entry for each segment. */
  transcription: ShownText[];
  chat: ShownText[];
  /** What the transcription of each track says, by the id of the segment. */
  readonly segments: Record<string, ShownSegment>;
  /** Ids of published tracks, by identity. */
  readonly tracks: Record<string, string>;
}

declare global {
  interface Window {
    readonly shown: RoomAsShown;
    /** Joins and begins to observe. */
    watchRoom(url: string, token: string): Promise<void>;
    /** Writes to the chat. */
    writeChat(text: string): Promise<void>;
  }
}

const STATE_ATTRIBUTE = 'lk.agent.state';

const shown: RoomAsShown = { assistant: undefined, states: [], speaking: [], transcription: [], chat: [], segments: {}, tracks: {} };
const room = new Room();
const observed = new Set<unknown>();

function observeAssistant(assistant: Participant): void {
  if (observed.has(assistant)) return;
  observed.add(assistant);
  shown.assistant = assistant.identity;
  participantAttributesObserver(assistant).subscribe(({ attributes }) => {
    const state = attributes[STATE_ATTRIBUTE];
    if (shown.states.at(-1) !== state) shown.states.push(state);
  });
  createIsSpeakingObserver(assistant).subscribe((isSpeaking) => shown.speaking.push(isSpeaking));
}

function observeTrack(publication: RemoteTrackPublication, { identity }: Participant): void {
  if (observed.has(publication)) return;
  observed.add(publication);
  shown.tracks[identity] = publication.trackSid;
  trackTranscriptionObserver(publication).subscribe(([segments]: [TranscriptionSegment[], ...unknown[]]) => {
    for (const { id, text, final } of segments) shown.segments[id] = { owner: identity, id, text, isFinal: final };
  });
}

room.on(RoomEvent.TrackPublished, observeTrack);
participantByIdentifierObserver(room, { kind: ParticipantKind.AGENT }).subscribe((assistant) => {
  if (assistant) observeAssistant(assistant);
});
setupTextStream(room, 'lk.transcription').subscribe((texts) => {
  shown.transcription = texts.map(({ text, participantInfo, streamInfo }) => ({
    from: participantInfo.identity,
    text,
    attributes: streamInfo.attributes ?? {},
  }));
});
const chat = setupChat(room);
chat.messageObservable.subscribe((messages) => {
  shown.chat = messages.map(({ from, message }) => ({ from: from?.identity ?? '', text: message, attributes: {} }));
});

Object.assign(window, {
  shown,
  watchRoom: async (url: string, token: string): Promise<void> => {
    await room.connect(url, token);
    for (const participant of room.remoteParticipants.values()) {
      for (const publication of participant.trackPublications.values()) observeTrack(publication, participant);
    }
  },
  writeChat: async (text: string): Promise<void> => void (await chat.send(text)),
});
