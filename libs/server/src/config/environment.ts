import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  IsTimeZone,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsKey, Unwrapped } from './access';
import { AccessEnvironment } from './access-environment';
import { Doc } from './doc';
import { IsFolder } from './is-folder';
import { IsServiceUrl } from './service-url';
import { ToBoolean, ToNumber } from './value-types';

const AGENT_OVERRIDES = /^\s*(prompt|first_message|language|voice)(\s*,\s*(prompt|first_message|language|voice))*\s*$/;
const ORIGIN_LIST = /^(?:\s*(?:\*|[a-z][a-z\d+.-]*:\/\/[^\s/,]+\/?)?\s*(?:,|$))*$/i;
const HOST_LIST = /^(?:\s*(?:\*|[\p{L}\p{N}_][\p{L}\p{N}._-]*|\[[\da-f:.]+\]|[\da-f.]*:[\da-f:.]*)?\s*(?:,|$))*$/iu;
const OWN_KEY_STAYS = "The provider's own key is never sent to another address.";

/**
 * Every environment variable that the product reads, with its meaning, its default and its bounds. The variables of the providers are declared
 * in their descriptors (see `environmentFor`). Nothing else reads `process.env`.
 */
export class Environment extends AccessEnvironment {
  @Doc('server', 'Port that the page and the sockets are served on; 0 takes any that is free.')
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(65_535)
  PORT = 3000;
  @Doc('server', 'Address that the server listens on. With 0.0.0.0 it can be reached from other machines.')
  @Unwrapped()
  @IsString()
  @IsNotEmpty()
  HOST = '127.0.0.1';
  @Doc(
    'server',
    "Comma list of the origins of other pages that may connect and read /api/config, besides the server's own; * for any.",
    'https://app.example',
  )
  @IsOptional()
  @Matches(ORIGIN_LIST, { message: '$property must be a comma list of origins, such as https://app.example, or *' })
  ALLOWED_ORIGINS?: string;
  @Doc(
    'server',
    'Comma list of host names and addresses, without ports, that the server answers to: needed where it is reached by a name of its own. ' +
      'The names of this machine, HOST and the hosts of ALLOWED_ORIGINS always are; with HOST=0.0.0.0 any address is, but no name. * for any.',
    'parley.example',
  )
  @IsOptional()
  @Matches(HOST_LIST, { message: '$property must be a comma list of host names or addresses without ports, such as parley.example, or *' })
  ALLOWED_HOSTS?: string;
  @Doc('server', 'Conversations that are opened at the same time; others wait their turn.')
  @ToNumber()
  @IsInt()
  @Min(1)
  @Max(10_000)
  MAX_OPENING = 50;

  @Doc('fallbacks', 'Comma list of the providers that are asked, in this order, when the recogniser fails.', 'sarvam-legacy,simulated')
  @IsOptional()
  STT_FALLBACK?: string;
  @Doc(
    'fallbacks',
    'Comma list of the providers that are asked, in this order, when the language model fails.',
    'openai:gpt-6-luna,simulated',
  )
  @IsOptional()
  LLM_FALLBACK?: string;
  @Doc('fallbacks', 'Comma list of the providers that are asked, in this order, when the voice fails.', 'elevenlabs-http,simulated')
  @IsOptional()
  TTS_FALLBACK?: string;
  @Doc('fallbacks', `Key for the entries of STT_FALLBACK that name an address. ${OWN_KEY_STAYS}`)
  @IsOptional()
  @Unwrapped()
  @IsKey()
  STT_FALLBACK_API_KEY?: string;
  @Doc('fallbacks', `Key for the entries of LLM_FALLBACK that name an address. ${OWN_KEY_STAYS}`)
  @IsOptional()
  @Unwrapped()
  @IsKey()
  LLM_FALLBACK_API_KEY?: string;
  @Doc('fallbacks', `Key for the entries of TTS_FALLBACK that name an address. ${OWN_KEY_STAYS}`)
  @IsOptional()
  @Unwrapped()
  @IsKey()
  TTS_FALLBACK_API_KEY?: string;

  @Doc(
    'agent',
    'Comma list of what a conversation may override of the agent: prompt, first_message, language, voice. ElevenLabs refuses what ' +
      "the agent's own settings do not allow. Not set: nothing of your own agent, everything of the demo's.",
    'first_message,language',
  )
  @IsOptional()
  @Matches(AGENT_OVERRIDES, { message: '$property must be a comma list of prompt, first_message, language and voice' })
  AGENT_OVERRIDES?: string;
  @Doc('agent', 'Sessions with the agent that are prepared in advance, so that a conversation starts without a delay.')
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(50)
  AGENT_WARM_SESSIONS = 1;
  @Doc('agent', 'What the agent says first, in place of its configured first message. Needs first_message in AGENT_OVERRIDES.')
  @IsOptional()
  @IsString()
  @MaxLength(500)
  AGENT_FIRST_MESSAGE?: string;
  @Doc('agent', "Time zone of the agent's clock, by its IANA name. Not set: this machine's.", 'Asia/Kolkata')
  @IsOptional()
  @IsTimeZone()
  AGENT_TIME_ZONE?: string;

  @Doc('turns', "Silence after which the user's turn is over.")
  @ToNumber()
  @IsInt()
  @Min(100)
  @Max(10_000)
  END_OF_TURN_SILENCE_MS = 900;
  @Doc('turns', 'fixed: exactly that silence ends a turn. adaptive: complete words end it sooner, trailing ones later.')
  @IsIn(['fixed', 'adaptive'])
  TURN_TAKING: 'fixed' | 'adaptive' = 'fixed';
  @Doc('turns', 'With TURN_TAKING=adaptive: the silence after words that are complete.')
  @ToNumber()
  @IsInt()
  @Min(100)
  @Max(10_000)
  ADAPTIVE_MIN_SILENCE_MS = 450;
  @Doc('turns', 'Speech over the assistant that is this long interrupts it; a cough is shorter.')
  @ToNumber()
  @IsInt()
  @Min(64)
  @Max(5_000)
  INTERRUPT_CONFIRM_MS = 200;
  @Doc(
    'turns',
    'immediate: speech over the assistant stops it. resumable: it pauses, and the words decide; "okay" or "right" let it go on.',
  )
  @IsIn(['immediate', 'resumable'])
  INTERRUPTION_MODE: 'immediate' | 'resumable' = 'immediate';
  @Doc(
    'turns',
    'With INTERRUPTION_MODE=resumable: comma list of what a listener says without wanting to speak. Not set: the lists of all languages that are offered.',
    'uh-huh,genau',
  )
  @IsOptional()
  @IsString()
  BACK_CHANNELS?: string;
  @Doc('turns', 'A conversation ends after this long without speech.')
  @ToNumber()
  @IsInt()
  @Min(500)
  @Max(86_400_000)
  INACTIVITY_TIMEOUT_MS = 60_000;
  @Doc('turns', 'A user turn is ended after this long, whatever is heard.')
  @ToNumber()
  @IsInt()
  @Min(1_000)
  @Max(3_600_000)
  MAX_USER_TURN_MS = 120_000;
  @Doc('turns', 'A conversation is ended after this long, which is announced half a minute before.')
  @ToNumber()
  @IsInt()
  @Min(1_000)
  @Max(86_400_000)
  MAX_SESSION_MS = 3_600_000;

  @Doc('replies', 'Whether the reply is prepared while the silence at the end of a turn is still running.')
  @ToBoolean()
  @IsBoolean()
  PREEMPTIVE_GENERATION = true;
  @Doc('replies', 'The silence after which a reply is prepared.')
  @ToNumber()
  @IsInt()
  @Min(64)
  @Max(10_000)
  DRAFT_AFTER_SILENCE_MS = 200;
  @Doc('replies', 'How often in one turn a reply is prepared even before that silence, as soon as the words seem to be all; 0 for never.')
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(100)
  EARLY_DRAFTS = 3;
  @Doc('replies', 'discard: an interrupted reply is forgotten. heard: what the user heard of it is remembered.')
  @IsIn(['discard', 'heard'])
  MEMORY_ON_INTERRUPTION: 'discard' | 'heard' = 'discard';
  @Doc('replies', 'What the assistant is told about itself.')
  @IsString()
  SYSTEM_PROMPT =
    'You are Parley, a friendly voice assistant. Your words are spoken aloud: answer in one to three short sentences of plain speech, without lists, Markdown, emoji or code.';
  @Doc('replies', 'The most that the assistant may say at once, in tokens.')
  @ToNumber()
  @IsInt()
  @Min(16)
  @Max(16_384)
  LLM_MAX_TOKENS = 600;
  @Doc('replies', 'Whether an Ollama, LM Studio or llama.cpp server on this machine is looked for where no language model is configured.')
  @ToBoolean()
  @IsBoolean()
  LOCAL_MODEL_PROBE = true;

  @Doc(
    'records',
    'Folder, which must exist, for a journal of each pipeline conversation and its sound: what was heard, said and decided. Not set: ' +
      'nothing is recorded. `npx nx run conversation:replay <file>.jsonl` asks the turn engine again.',
  )
  @IsOptional()
  @IsFolder()
  RECORD_DIR?: string;
  @Doc('records', 'The least important lines that are logged.')
  @IsIn(['error', 'warn', 'info', 'debug'])
  LOG_LEVEL: 'error' | 'warn' | 'info' | 'debug' = 'info';

  @Doc(
    'episodes',
    'Folder for episodes: their records, their audio and the audio cache. Made when the first episode or live narration is. Back it ' +
      'up as a whole while the server is stopped.',
  )
  @IsString()
  @IsNotEmpty()
  DATA_DIR = 'parley-data';
  @Doc(
    'episodes',
    'Address of a PostgreSQL database for the records of episodes, in place of a file in DATA_DIR. Needed where several servers make ' +
      'episodes together; they also need REDIS_URL, and DATA_DIR must be the same folder for all of them, such as a network share.',
    'postgres://parley:password@db.example:5432/parley',
  )
  @IsOptional()
  @Unwrapped()
  @IsServiceUrl(['postgres', 'postgresql'])
  DATABASE_URL?: string;
  @Doc(
    'episodes',
    'Address of a Redis server. It shares the work on episodes out between the servers of DATABASE_URL, and for that is not used without it. ' +
      'It also holds what the servers and the workers of rooms know together.',
    'redis://:password@cache.example:6379',
  )
  @IsOptional()
  @Unwrapped()
  @IsServiceUrl(['redis', 'rediss'], { socket: true })
  REDIS_URL?: string;
  @Doc('episodes', 'Bound of the audio cache in bytes; what has not been used for longest is deleted. 0 for no cache.')
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  AUDIO_CACHE_MAX_BYTES = 2_000_000_000;
  @Doc(
    'episodes',
    'Segments of episodes that are spoken at the same time by this server. More than the account at the vendor allows are narrowed down.',
  )
  @ToNumber()
  @IsInt()
  @Min(1)
  @Max(64)
  NARRATION_PARALLEL = 4;
  @Doc(
    'episodes',
    'The same for all servers of REDIS_URL together, which share an account; putting an episode together counts as one. The server that ' +
      'was started last decides. Not set: NARRATION_PARALLEL, so that one server may be doing all of the work.',
    '10',
  )
  @IsOptional()
  @ToNumber()
  @IsInt()
  @Min(1)
  @Max(1_000)
  NARRATION_PARALLEL_TOTAL?: number;
  @Doc(
    'episodes',
    'What 1 000 billed characters cost, for the estimate before an episode is made. Not set: only characters are shown.',
    '0.10',
  )
  @IsOptional()
  @ToNumber()
  @IsNumber()
  @Min(0)
  @Max(1_000_000)
  NARRATION_PRICE_PER_1000?: number;
  @Doc('episodes', 'The currency of that price.')
  @Matches(/^[A-Z]{3}$/, { message: '$property must be the three capitals of a currency, such as USD' })
  NARRATION_CURRENCY = 'USD';

  @Doc('simulator', "How slow the demo is: middle has the vendors' measured delays, fast almost none.")
  @IsIn(['fast', 'middle', 'slow'])
  SIMULATOR_LATENCY: 'fast' | 'middle' | 'slow' = 'middle';
  @Doc('simulator', 'How much each delay varies, as a share of it.')
  @ToNumber()
  @IsNumber()
  @Min(0)
  @Max(1)
  SIMULATOR_JITTER = 0;
  @Doc('simulator', 'The same number makes the same random choices.')
  @ToNumber()
  @IsInt()
  SIMULATOR_SEED = 1;
  @Doc('simulator', 'How many words at the end of an utterance the recogniser leaves out until its final transcript.')
  @ToNumber()
  @IsInt()
  @Min(0)
  @Max(100)
  SIMULATOR_WITHHELD_WORDS = 0;
  @Doc('simulator', 'Processes that recognise speech. Not set: one per core, at most four.')
  @IsOptional()
  @ToNumber()
  @IsInt()
  @Min(1)
  @Max(64)
  SIMULATOR_RECOGNISERS?: number;
}
