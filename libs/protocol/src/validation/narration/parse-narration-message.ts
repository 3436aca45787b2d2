import type { NarrationClientMessage } from '../../wire/narration/narration-client-messages';
import { HeartbeatDto, PlaybackDto } from '../client-message-dtos';
import { type MessageShapes, type Parsed, parseMessage, shapeOf } from '../message-shapes';
import {
  CancelNarrationDto,
  EndNarrationTextDto,
  FlushNarrationDto,
  NarrationTextDto,
  PauseNarrationDto,
  ResumeNarrationDto,
  SetNarrationVoiceDto,
  StartNarrationDto,
} from './narration-message-dtos';

const SHAPES: MessageShapes<NarrationClientMessage> = new Map([
  ['start_narration', shapeOf<NarrationClientMessage>(StartNarrationDto)],
  ['text', shapeOf<NarrationClientMessage>(NarrationTextDto)],
  ['flush', shapeOf<NarrationClientMessage>(FlushNarrationDto)],
  ['set_voice', shapeOf<NarrationClientMessage>(SetNarrationVoiceDto)],
  ['pause', shapeOf<NarrationClientMessage>(PauseNarrationDto)],
  ['resume', shapeOf<NarrationClientMessage>(ResumeNarrationDto)],
  ['cancel', shapeOf<NarrationClientMessage>(CancelNarrationDto)],
  ['end_text', shapeOf<NarrationClientMessage>(EndNarrationTextDto)],
  ['playback', shapeOf<NarrationClientMessage>(PlaybackDto)],
  ['heartbeat', shapeOf<NarrationClientMessage>(HeartbeatDto)],
] satisfies [NarrationClientMessage['type'], unknown][]);

/** Parses one JSON text message of a narration's client, by the rules of `parseMessage`. */
export function parseNarrationMessage(text: string): Parsed<NarrationClientMessage> {
  return parseMessage(text, SHAPES);
}
