import { IsBoolean, IsIn, IsInt, IsOptional, Matches, Max, Min, MinLength } from 'class-validator';
import { IsEndpoint, IsKey, Unwrapped } from './access';
import { Doc } from './doc';
import { ToBoolean, ToNumber } from './value-types';

const AGENT_NAME = /^[A-Za-z0-9_-]{1,64}$/;
/** A name that people read and say. */
const SPOKEN_NAME = /^(?!\s)[^\p{C}\p{Zl}\p{Zp}]{1,64}(?<!\s)$/u;
const SPOKEN_LINE = /^(?!\s)[^\p{C}\p{Zl}\p{Zp}]{1,1000}(?<!\s)$/u;
/** A folder on the machine of the recording service, which may not be this one: only its form can be checked. */
const ABSOLUTE_PATH = /^\/[^\p{C}{}]{0,500}$/u;

/** The variables of rooms. There are rooms when LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET are set. */
export class RoomEnvironment {
  @Doc('rooms', 'Address of a LiveKit server, as this program and the workers of rooms reach it. Not set: no rooms.', 'ws://127.0.0.1:7880')
  @IsOptional()
  @Unwrapped()
  @IsEndpoint(['ws', 'wss', 'http', 'https'])
  LIVEKIT_URL?: string;
  @Doc('rooms', 'Key of that server.')
  @IsOptional()
  @Unwrapped()
  @IsKey()
  LIVEKIT_API_KEY?: string;
  @Doc('rooms', 'Secret of that key.')
  @IsOptional()
  @Unwrapped()
  @IsKey()
  LIVEKIT_API_SECRET?: string;
  @Doc('rooms', 'Address of the same LiveKit server as browsers reach it. Not set: LIVEKIT_URL.', 'wss://rooms.example')
  @IsOptional()
  @Unwrapped()
  @IsEndpoint(['wss', 'ws', 'https', 'http'])
  LIVEKIT_PUBLIC_URL?: string;
  @Doc(
    'rooms',
    'What a request of /api/rooms must carry as `Authorization: Bearer …`, at least 16 characters. Give it to your own server, never to a ' +
      'page. Not set: only a server that nothing but its own machine reaches (HOST is a loopback address, and neither ALLOWED_HOSTS nor ' +
      'TRUST_PROXY is set) does what it is asked, as is meant for development; any other refuses.',
  )
  @IsOptional()
  @Unwrapped()
  @MinLength(16, { message: '$property must have at least 16 characters' })
  @IsKey()
  ROOMS_API_TOKEN?: string;
  @Doc(
    'rooms',
    'Whether anybody may make and join rooms without ROOMS_API_TOKEN, also by the page. Listing, removing, ending and recording still ' +
      'need the token.',
  )
  @ToBoolean()
  @IsBoolean()
  ROOMS_OPEN = false;
  @Doc('rooms', 'Name under which the workers offer the assistant to the LiveKit server; the same for the servers and their workers.')
  @Matches(AGENT_NAME, { message: '$property must be 1 to 64 letters, digits, hyphens or underscores' })
  ROOMS_AGENT_NAME = 'parley';
  @Doc('rooms', 'What the assistant is called in a room: shown to people, and what they say to address it.')
  @Unwrapped()
  @Matches(SPOKEN_NAME, { message: '$property must be a name of 1 to 64 characters' })
  ROOMS_ASSISTANT_NAME = 'Parley';
  @Doc(
    'rooms',
    'What the assistant says when it comes into a room. Spoken once by the expressive model of ElevenLabs with the voice of ELEVENLABS_VOICE_ID ' +
      '(without a key: by the simulator) and kept in the audio cache in DATA_DIR. Not with the engine `agent`, which greets by itself. Not set: nothing.',
    'Hello everybody. How can I help?',
  )
  @IsOptional()
  @Unwrapped()
  @Matches(SPOKEN_LINE, { message: '$property must be one line of 1 to 1000 characters' })
  ROOMS_GREETING?: string;
  @Doc(
    'rooms',
    'What an assistant says that goes on in the place of one that was lost; made in the same way. Not set: nothing.',
    'Sorry, I was gone for a moment. Please go on.',
  )
  @IsOptional()
  @Unwrapped()
  @Matches(SPOKEN_LINE, { message: '$property must be one line of 1 to 1000 characters' })
  ROOMS_RESUMPTION?: string;
  @Doc('rooms', "Whether rooms may be recorded. Needs LiveKit's egress service and Redis behind the LiveKit server.")
  @ToBoolean()
  @IsBoolean()
  ROOMS_RECORDING = false;
  @Doc(
    'rooms',
    'Folder for the recordings on the machine of the egress service. Not set: the folder that the service runs in.',
    '/out/recordings',
  )
  @IsOptional()
  @Unwrapped()
  @Matches(ABSOLUTE_PATH, { message: '$property must be an absolute path without braces' })
  ROOMS_RECORDING_DIR?: string;
  @Doc(
    'rooms',
    "Whether programs may send audio and video into a room by WHIP. Needs LiveKit's ingress service and Redis behind the LiveKit server.",
  )
  @ToBoolean()
  @IsBoolean()
  ROOMS_INGRESS = false;
  @Doc('rooms', 'Rooms that one worker process serves at the same time.')
  @ToNumber()
  @IsInt()
  @Min(1)
  @Max(1_000)
  ROOM_WORKER_SLOTS = 16;
  @Doc(
    'rooms',
    'Length in ms of the pieces in which a worker takes the sound of microphones, 10 or 20. Shorter ones may arrive earlier, and cost more.',
  )
  @ToNumber()
  @IsIn([10, 20])
  ROOM_WORKER_FRAME_MS: 10 | 20 = 20;
  @Doc('rooms', 'Port on HOST where a worker answers probes and serves its metrics; 0 takes any that is free. Not set: none.', '8081')
  @IsOptional()
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(65_535)
  ROOM_WORKER_HEALTH_PORT?: number;
}
