import { DEFAULT_TURN_POLICY } from '@parley/conversation';
import { PROVIDERS, valuesOf, variablesOf } from '@parley/providers';
import type { Environment } from './environment';
import { EnvironmentError, parseEnvironment } from './parse-environment';
import { settingsFrom } from './settings';

/** The variables of the providers: exactly those that the registry declares. */
const PROVIDER_VARIABLES = [
  'SARVAM_API_KEY',
  'SARVAM_BASE_URL',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'LLM_MODEL',
  'ELEVENLABS_API_KEY',
  'ELEVENLABS_BASE_URL',
  'ELEVENLABS_VOICE_ID',
  'TTS_MODEL',
  'ELEVENLABS_AGENT_ID',
] as const;

type Name = keyof Environment | (typeof PROVIDER_VARIABLES)[number];

interface Variable {
  default: unknown;
  good: [raw: string, value: unknown][];
  bad: string[];
}

const text = (...good: string[]): Variable['good'] => good.map((value) => [value, value]);
const BOOLEAN: Pick<Variable, 'good' | 'bad'> = {
  good: [
    ['true', true],
    ['TRUE', true],
    ['1', true],
    ['false', false],
    ['False', false],
    ['0', false],
  ],
  bad: ['yes', 'off', '2', 'truee'],
};
const NO_NUMBERS = ['ten', '1.5', '1e', 'NaN', 'Infinity'];
const origins = (...more: string[]): Variable['good'] =>
  text('http://127.0.0.1:4010', 'https://vendor.example', 'http://simulator:4010', ...more);

/** Keys that cannot be sent in an HTTP header, or that were obviously copied wrongly. */
const NO_KEYS = [
  'sk-1\nsk-2',
  'sk-1\rX',
  'sk-\u0000',
  'sk-\u007f',
  'sk-\u0101',
  'sk-\u{1f511}',
  'sk-\u00a01',
  'Bearer sk-1',
  '"sk-1',
  "sk'1",
];
/** Addresses with a part other than scheme, host, port and path, or that are no valid URL. */
const NO_ENDPOINTS = [
  'http://user:pass@vendor.example',
  'http://user@vendor.example',
  'http://vendor.example/?key=1',
  'http://vendor.example#a',
  'http://ven dor',
  'http://vendor\n.example',
  'http:\\\\vendor.example',
  'http://vendor:99999',
];

const SPOKEN_LINE = {
  good: text('Hello everybody. How can I help?', 'नमस्ते।', 'x'.repeat(1_000)),
  bad: ['x'.repeat(1_001), 'a\nb', 'a\u0000b', 'a\u2028b'],
};

const LIMIT: Variable = {
  default: undefined,
  good: [
    ['1', 1],
    ['1000000000', 1_000_000_000],
  ],
  bad: ['0', '-1', '1000000001', ...NO_NUMBERS],
};

/** Valid and invalid values of every variable. This file does not compile when a variable is missing here. */
const VARIABLES: Record<Name, Variable> = {
  PORT: {
    default: 3000,
    good: [
      ['0', 0],
      ['8080', 8080],
      ['65535', 65_535],
    ],
    bad: ['-1', '65536', ...NO_NUMBERS],
  },
  HOST: { default: '127.0.0.1', good: text('0.0.0.0', '::', 'localhost'), bad: [] },
  ALLOWED_ORIGINS: {
    default: undefined,
    good: text('*', 'https://a.example, https://b.example', ' http://localhost:4200/ ,, app://parley'),
    bad: ['a.example', 'https://a.example/page', 'https://', 'https://a.example https://b.example', 'https://a.example, b'],
  },
  ALLOWED_HOSTS: {
    default: undefined,
    good: text('*', 'parley.example', 'parley.example, 192.0.2.7,, ::1 , [2001:db8::7]', 'my_host', 'münchen.example'),
    bad: ['https://parley.example', 'parley.example:443', 'parley.example/x', 'a b', '[', '[::1', '-x'],
  },
  START_TIMEOUT_MS: {
    default: 10_000,
    good: [
      ['1000', 1_000],
      ['3600000', 3_600_000],
    ],
    bad: ['0', '999', '3600001', ...NO_NUMBERS],
  },
  MAX_CONNECTIONS_PER_ADDRESS: {
    default: 5_000,
    good: [
      ['1', 1],
      ['1000000', 1_000_000],
    ],
    bad: ['0', '1000001', ...NO_NUMBERS],
  },
  MAX_STARTS_PER_MINUTE: {
    default: 3_000,
    good: [
      ['1', 1],
      ['1000000', 1_000_000],
    ],
    bad: ['0', '1000001', ...NO_NUMBERS],
  },
  MAX_UNSTARTED_BYTES_PER_ADDRESS: {
    default: 8_388_608,
    good: [
      ['262144', 262_144],
      ['1073741824', 1_073_741_824],
    ],
    bad: ['0', '262143', ...NO_NUMBERS],
  },
  MAX_EVENT_LOOP_DELAY_MS: {
    default: undefined,
    good: [
      ['0', 0],
      ['10000', 10_000],
    ],
    bad: ['-1', '10001', ...NO_NUMBERS],
  },
  MAX_CPU_PERCENT: {
    default: undefined,
    good: [
      ['0', 0],
      ['1000', 1_000],
    ],
    bad: ['-1', '1001', ...NO_NUMBERS],
  },
  MAX_MEMORY_PERCENT: {
    default: 90,
    good: [
      ['0', 0],
      ['100', 100],
    ],
    bad: ['-1', '101', ...NO_NUMBERS],
  },
  TRUST_PROXY: {
    default: 'false',
    good: text('true', 'FALSE', '2', '192.0.2.7, 10.0.0.0/8,fd00::/8'),
    bad: ['yes', '-1', '17', 'proxy.example', '10.0.0.0/33', '0.0.0.0/0', '10.0.0.1:80'],
  },
  SESSION_TOKEN_SECRET: {
    default: undefined,
    good: text('0123456789abcdef0123456789abcdef'),
    bad: ['0123456789abcdef0123456789abcde', '0123456789abcdef 0123456789abcdef'],
  },
  SESSION_TOKEN_TTL_S: {
    default: 60,
    good: [
      ['5', 5],
      ['3600', 3_600],
    ],
    bad: ['4', '3601', ...NO_NUMBERS],
  },
  SESSION_TOKEN_ISSUER_TOKEN: { default: undefined, good: text('0123456789abcdef'), bad: ['0123456789abcde', '01234567 89abcdef'] },
  CLIENT_MAY_CHOOSE: {
    default: undefined,
    good: text('none', 'prompt', 'voice, language', 'prompt,voice,any_voice,language,engine,model'),
    bad: ['everything', 'prompt,', 'none,voice', 'prompt;voice', ','],
  },
  METRICS_TOKEN: { default: undefined, good: text('0123456789abcdef'), bad: ['0123456789abcde', '01234567 89abcdef'] },
  OPERATIONS_PORT: {
    default: undefined,
    good: [
      ['0', 0],
      ['9464', 9_464],
    ],
    bad: ['-1', '65536', ...NO_NUMBERS],
  },
  NODE_ENV: { default: undefined, good: text('production', 'development', 'test'), bad: [] },
  DRAIN_SECONDS: { default: 0, good: [['30', 30]], bad: ['-1', '86401', ...NO_NUMBERS] },
  SERVER_PROCESSES: { default: '1', good: text('1', '99', 'all'), bad: ['0', '100', '-1', 'All', ...NO_NUMBERS] },
  RECORD_MAX_BYTES: { default: 0, good: [['5000000000', 5_000_000_000]], bad: ['-1', ...NO_NUMBERS] },
  RECORD_KEEP_DAYS: { default: 0, good: [['30', 30]], bad: ['-1', '36501', ...NO_NUMBERS] },
  SARVAM_API_KEY: { default: undefined, good: text('sk_1'), bad: NO_KEYS },
  SARVAM_BASE_URL: {
    default: undefined,
    good: origins('ws://127.0.0.1:1', 'wss://vendor.example'),
    bad: ['vendor.example', 'ftp://vendor.example', 'http://', ...NO_ENDPOINTS],
  },
  OPENAI_API_KEY: { default: undefined, good: text('sk-1'), bad: NO_KEYS },
  OPENAI_BASE_URL: {
    default: undefined,
    good: origins('http://localhost:1234/v1'),
    bad: ['ws://127.0.0.1:1/v1', 'localhost:1234', 'nonsense', ...NO_ENDPOINTS],
  },
  LLM_MODEL: { default: 'gpt-4o,gpt-6-luna', good: text('gpt-4o-mini', 'a, b'), bad: [',', ' , ,'] },
  LLM_MAX_TOKENS: {
    default: 600,
    good: [
      ['16', 16],
      ['16384', 16_384],
    ],
    bad: ['15', '16385', ...NO_NUMBERS],
  },
  ELEVENLABS_API_KEY: { default: undefined, good: text('xi-1'), bad: NO_KEYS },
  ELEVENLABS_BASE_URL: {
    default: undefined,
    good: origins('wss://vendor.example'),
    bad: ['//vendor.example', 'mailto:a@b.example', ...NO_ENDPOINTS],
  },
  ELEVENLABS_VOICE_ID: { default: '21m00Tcm4TlvDq8ikWAM', good: text('alice', 'a_b-C9'), bad: ['../voices', 'a b', 'x'.repeat(65)] },
  TTS_MODEL: { default: 'eleven_flash_v2_5', good: text('eleven_v3'), bad: ['eleven v3', 'eleven\nv3'] },
  ELEVENLABS_AGENT_ID: { default: undefined, good: text('agent_1'), bad: ['agent 1', 'a/b', 'x'.repeat(129)] },
  AGENT_OVERRIDES: {
    default: undefined,
    good: text('prompt', 'first_message,language', ' voice , prompt '),
    bad: ['everything', 'prompt,', 'prompt;voice', ','],
  },
  AGENT_WARM_SESSIONS: {
    default: 1,
    good: [
      ['0', 0],
      ['50', 50],
    ],
    bad: ['-1', '51', ...NO_NUMBERS],
  },
  AGENT_FIRST_MESSAGE: { default: undefined, good: text('Hello!'), bad: ['x'.repeat(501)] },
  AGENT_TIME_ZONE: { default: undefined, good: text('UTC', 'Asia/Kolkata'), bad: ['Kochi', 'GMT+99'] },
  STT_FALLBACK: {
    default: undefined,
    good: text('simulated', 'sarvam@https://a.example', 'sarvam-legacy@wss://a.example, simulated'),
    bad: ['whisper', 'sarvam', 'simulated,simulated'],
  },
  LLM_FALLBACK: {
    default: undefined,
    good: text('simulated', 'openai@http://127.0.0.1:1/v1', 'openai:llama3.2:3b@http://127.0.0.1:11434/v1, simulated'),
    bad: ['openai', 'openai:gpt-6-luna', 'openai@ws://a.example'],
  },
  TTS_FALLBACK: {
    default: undefined,
    good: text('simulated', 'elevenlabs-http@https://a.example', 'elevenlabs:eleven_v3@https://a.example'),
    bad: ['elevenlabs', 'elevenlabs-http', 'simulated@http://a.example'],
  },
  STT_FALLBACK_API_KEY: { default: undefined, good: text('sk_2'), bad: NO_KEYS },
  LLM_FALLBACK_API_KEY: { default: undefined, good: text('sk-2'), bad: NO_KEYS },
  TTS_FALLBACK_API_KEY: { default: undefined, good: text('xi-2'), bad: NO_KEYS },
  LIVEKIT_URL: { default: undefined, good: origins('wss://rooms.example'), bad: ['rooms.example'] },
  LIVEKIT_API_KEY: { default: undefined, good: text('lk'), bad: NO_KEYS },
  LIVEKIT_API_SECRET: { default: undefined, good: text('s3cret'), bad: NO_KEYS },
  LIVEKIT_PUBLIC_URL: { default: undefined, good: origins('wss://rooms.example'), bad: ['rooms.example', ...NO_ENDPOINTS] },
  ROOMS_API_TOKEN: {
    default: undefined,
    good: text('0123456789abcdef', 'x'.repeat(200)),
    bad: ['0123456789abcde', ...NO_KEYS.map((key) => `${key}0123456789abcdef`)],
  },
  ROOMS_OPEN: { default: false, ...BOOLEAN },
  ROOMS_AGENT_NAME: { default: 'parley', good: text('parley-blue', 'P_1'), bad: ['a b', 'a/b', 'x'.repeat(65)] },
  ROOMS_ASSISTANT_NAME: {
    default: 'Parley',
    good: text('Ada Lovelace', 'पार्ले', 'x'.repeat(64)),
    bad: ['x'.repeat(65), 'a\nb', 'a\u0000b', 'a\u202eb', 'a\u2028b'],
  },
  ROOMS_GREETING: { default: undefined, ...SPOKEN_LINE },
  ROOMS_RESUMPTION: { default: undefined, ...SPOKEN_LINE },
  ROOMS_RECORDING: { default: false, ...BOOLEAN },
  ROOMS_RECORDING_DIR: { default: undefined, good: text('/out', '/out/a folder'), bad: ['out', './out', '/out/{room_name}', '/a\nb'] },
  ROOMS_INGRESS: { default: false, ...BOOLEAN },
  ROOM_WORKER_FRAME_MS: {
    default: 20,
    good: [
      ['10', 10],
      ['20', 20],
    ],
    bad: ['15', '0', ...NO_NUMBERS],
  },
  ROOM_WORKER_SLOTS: {
    default: 16,
    good: [
      ['1', 1],
      ['1000', 1_000],
    ],
    bad: ['0', '1001', ...NO_NUMBERS],
  },
  ROOM_WORKER_HEALTH_PORT: {
    default: undefined,
    good: [
      ['0', 0],
      ['65535', 65_535],
    ],
    bad: ['-1', '65536', ...NO_NUMBERS],
  },
  END_OF_TURN_SILENCE_MS: {
    default: 900,
    good: [
      ['100', 100],
      ['10000', 10_000],
    ],
    bad: ['99', '10001', ...NO_NUMBERS],
  },
  TURN_TAKING: { default: 'fixed', good: text('fixed', 'adaptive'), bad: ['semantic', 'Fixed'] },
  ADAPTIVE_MIN_SILENCE_MS: {
    default: 450,
    good: [
      ['100', 100],
      ['10000', 10_000],
    ],
    bad: ['99', '10001', ...NO_NUMBERS],
  },
  INTERRUPT_CONFIRM_MS: {
    default: 200,
    good: [
      ['64', 64],
      ['5000', 5_000],
    ],
    bad: ['63', '5001', ...NO_NUMBERS],
  },
  MAX_USER_TURN_MS: {
    default: 120_000,
    good: [
      ['1000', 1_000],
      ['3600000', 3_600_000],
    ],
    bad: ['999', '3600001', ...NO_NUMBERS],
  },
  MAX_SESSION_MS: {
    default: 3_600_000,
    good: [
      ['1000', 1_000],
      ['86400000', 86_400_000],
    ],
    bad: ['999', '86400001', ...NO_NUMBERS],
  },
  MAX_OPENING: {
    default: 50,
    good: [
      ['1', 1],
      ['10000', 10_000],
    ],
    bad: ['0', '10001', ...NO_NUMBERS],
  },
  INTERRUPTION_MODE: { default: 'immediate', good: text('immediate', 'resumable'), bad: ['resume', 'Immediate'] },
  BACK_CHANNELS: { default: undefined, good: text('uh-huh, genau', 'हाँ'), bad: [] },
  INACTIVITY_TIMEOUT_MS: {
    default: 60_000,
    good: [
      ['500', 500],
      ['86400000', 86_400_000],
    ],
    bad: ['499', '86400001', ...NO_NUMBERS],
  },
  PREEMPTIVE_GENERATION: { default: true, ...BOOLEAN },
  DRAFT_AFTER_SILENCE_MS: {
    default: 200,
    good: [
      ['64', 64],
      ['10000', 10_000],
    ],
    bad: ['63', '10001', ...NO_NUMBERS],
  },
  EARLY_DRAFTS: {
    default: 3,
    good: [
      ['0', 0],
      ['100', 100],
    ],
    bad: ['-1', '101', ...NO_NUMBERS],
  },
  MEMORY_ON_INTERRUPTION: { default: 'discard', good: text('discard', 'heard'), bad: ['forget', 'Heard'] },
  SYSTEM_PROMPT: { default: expect.stringContaining('You are Parley'), good: text('Be brief.'), bad: [] },
  SIMULATOR_LATENCY: { default: 'middle', good: text('fast', 'middle', 'slow'), bad: ['Fast', 'quick'] },
  SIMULATOR_JITTER: {
    default: 0,
    good: [
      ['0', 0],
      ['0.25', 0.25],
      ['1', 1],
    ],
    bad: ['-0.1', '1.1', 'some'],
  },
  SIMULATOR_WITHHELD_WORDS: {
    default: 0,
    good: [
      ['0', 0],
      ['2', 2],
    ],
    bad: ['-1', '1.5', '101', 'two'],
  },
  SIMULATOR_SEED: {
    default: 1,
    good: [
      ['42', 42],
      ['-7', -7],
    ],
    bad: NO_NUMBERS,
  },
  SIMULATOR_RECOGNISERS: {
    default: undefined,
    good: [
      ['1', 1],
      ['64', 64],
    ],
    bad: ['0', '65', ...NO_NUMBERS],
  },
  LOCAL_MODEL_PROBE: { default: true, ...BOOLEAN },
  RECORD_DIR: { default: undefined, good: text(__dirname, '.'), bad: [__filename, '/nowhere/parley'] },
  DATA_DIR: { default: 'parley-data', good: text('/var/lib/parley', 'a folder'), bad: [] },
  DATABASE_URL: {
    default: undefined,
    good: text(
      'postgres://parley:p%40ss@db.example:5432/parley',
      'postgresql://db.example/parley?sslmode=require',
      'postgres:///parley?host=/run',
    ),
    bad: ['db.example', 'mysql://db.example/parley', 'postgres://', 'postgres://db example/parley', 'postgres:db', 'sqlite://file'],
  },
  REDIS_URL: {
    default: undefined,
    good: text('redis://cache.example:6379', 'rediss://:p@cache.example/1', '/run/redis.sock'),
    bad: ['cache.example:6379', 'http://cache.example', 'redis://', 'redis://a b', './redis.sock'],
  },
  AUDIO_CACHE_MAX_BYTES: {
    default: 2_000_000_000,
    good: [
      ['0', 0],
      ['1000', 1_000],
    ],
    bad: ['-1', ...NO_NUMBERS],
  },
  NARRATION_PARALLEL: {
    default: 4,
    good: [
      ['1', 1],
      ['64', 64],
    ],
    bad: ['0', '65', ...NO_NUMBERS],
  },
  NARRATION_PARALLEL_TOTAL: {
    default: undefined,
    good: [
      ['1', 1],
      ['1000', 1_000],
    ],
    bad: ['0', '1001', ...NO_NUMBERS],
  },
  NARRATION_PRICE_PER_1000: {
    default: undefined,
    good: [
      ['0', 0],
      ['0.12', 0.12],
    ],
    bad: ['-1', 'much'],
  },
  NARRATION_CURRENCY: { default: 'USD', good: text('EUR', 'INR'), bad: ['$', 'usd', 'EURO'] },
  LOG_FORMAT: { default: 'text', good: text('text', 'json'), bad: ['JSON', 'xml'] },
  LOG_TRANSCRIPTS: { default: false, ...BOOLEAN },
  OTEL_TRACES_EXPORTER: { default: undefined, good: text('otlp', 'none'), bad: ['console', 'zipkin', 'otlp,console'] },
  OTEL_SDK_DISABLED: { default: false, ...BOOLEAN },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    default: undefined,
    good: origins('http://127.0.0.1:4318', 'https://otel.example/api/public/otel'),
    bad: ['127.0.0.1:4318', 'grpc://otel.example', ...NO_ENDPOINTS],
  },
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: {
    default: undefined,
    good: origins('https://otel.example/v1/traces'),
    bad: ['otel.example/v1/traces', ...NO_ENDPOINTS],
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    default: undefined,
    good: text('Authorization=Basic%20dXNlcjprZXk=', 'a=1, b=2', 'a=,'),
    bad: ['secret', 'a=1,secret', '=a', 'a;b=c'],
  },
  OTEL_EXPORTER_OTLP_TRACES_HEADERS: { default: undefined, good: text('a=1'), bad: ['secret'] },
  OTEL_EXPORTER_OTLP_PROTOCOL: { default: 'http/json', good: text('http/json', 'http/protobuf'), bad: ['grpc', 'http'] },
  OTEL_EXPORTER_OTLP_TIMEOUT: {
    default: 10_000,
    good: [
      ['100', 100],
      ['60000', 60_000],
    ],
    bad: ['99', '60001', ...NO_NUMBERS],
  },
  OTEL_SERVICE_NAME: { default: 'parley', good: text('parley-rooms', 'Parley in Europe'), bad: [] },
  OTEL_RESOURCE_ATTRIBUTES: { default: undefined, good: text('deployment.environment.name=production,a=b'), bad: ['production'] },
  OTEL_TRACES_SAMPLER: {
    default: 'parentbased_always_on',
    good: text('always_on', 'always_off', 'traceidratio', 'parentbased_always_off', 'parentbased_traceidratio'),
    bad: ['jaeger_remote', 'on'],
  },
  OTEL_TRACES_SAMPLER_ARG: {
    default: 1,
    good: [
      ['0', 0],
      ['0.1', 0.1],
    ],
    bad: ['-1', '1.1', 'x'],
  },
  BUDGET_TURNS_PER_CONVERSATION: LIMIT,
  BUDGET_TURNS_PER_ADDRESS_PER_DAY: LIMIT,
  BUDGET_TURNS_PER_DAY: LIMIT,
  BUDGET_MODEL_REQUESTS_PER_CONVERSATION: LIMIT,
  BUDGET_MODEL_REQUESTS_PER_ADDRESS_PER_DAY: LIMIT,
  BUDGET_MODEL_REQUESTS_PER_DAY: LIMIT,
  BUDGET_VOICE_CHARACTERS_PER_CONVERSATION: LIMIT,
  BUDGET_VOICE_CHARACTERS_PER_ADDRESS_PER_DAY: LIMIT,
  BUDGET_VOICE_CHARACTERS_PER_DAY: LIMIT,
  BUDGET_RECOGNITION_SECONDS_PER_CONVERSATION: LIMIT,
  BUDGET_RECOGNITION_SECONDS_PER_ADDRESS_PER_DAY: LIMIT,
  BUDGET_RECOGNITION_SECONDS_PER_DAY: LIMIT,
  REPLY_CACHE: { default: false, ...BOOLEAN },
  REPLY_CACHE_TTL_S: {
    default: 3_600,
    good: [
      ['1', 1],
      ['604800', 604_800],
    ],
    bad: ['0', '604801', ...NO_NUMBERS],
  },
  LOG_LEVEL: { default: 'info', good: text('error', 'warn', 'info', 'debug'), bad: ['verbose', 'INFO'] },
};
const NAMES = Object.keys(VARIABLES) as Name[];

/** The mistakes in an environment; empty when it is usable. */
function mistakesOf(raw: Record<string, string>): readonly string[] {
  try {
    parseEnvironment(raw);
    return [];
  } catch (error) {
    if (error instanceof EnvironmentError) return error.mistakes;
    throw error;
  }
}

describe('parseEnvironment', () => {
  it('knows exactly the variables that are listed in this test', () => {
    expect(variablesOf(PROVIDERS).map(({ name }) => name)).toEqual(PROVIDER_VARIABLES);
    expect(Object.keys(parseEnvironment({})).sort()).toEqual(NAMES.filter((name) => VARIABLES[name].default !== undefined).sort());
  });

  describe.each(NAMES)('%s', (name) => {
    const { good, bad, default: fallback } = VARIABLES[name];

    it('takes its default value when it is not set, empty or blank', () => {
      for (const raw of [{}, { [name]: '' }, { [name]: '  ' }]) expect(parseEnvironment(raw)[name]).toEqual(fallback);
    });

    it.each(good)('accepts the value "%s"', (raw, value) => {
      expect(parseEnvironment({ [name]: raw })[name]).toBe(value);
    });

    if (bad.length > 0) {
      it.each(bad)('refuses the value "%s" and names the variable in the message', (raw) => {
        const mistakes = mistakesOf({ [name]: raw });
        expect(mistakes.length).toBeGreaterThan(0);
        for (const mistake of mistakes) expect(mistake).toMatch(new RegExp(`^${name} `));
      });
    }
  });

  it.each(['SARVAM_API_KEY', 'OPENAI_API_KEY', 'ELEVENLABS_API_KEY', 'LLM_FALLBACK_API_KEY'] as const)(
    'strips blanks and quotes around the value of %s',
    (name) => {
      for (const raw of [' sk-1', 'sk-1\t', 'sk-1\n', '\r\nsk-1', '"sk-1"', "'sk-1'", ' "sk-1" ', '\ufeffsk-1']) {
        expect(parseEnvironment({ [name]: raw })[name]).toBe('sk-1');
      }
      expect(mistakesOf({ [name]: '""' })).toHaveLength(1);
    },
  );

  it('strips blanks and quotes around an address', () => {
    for (const raw of [' http://sim:1 ', '"http://sim:1"'])
      expect(parseEnvironment({ SARVAM_BASE_URL: raw }).SARVAM_BASE_URL).toBe('http://sim:1');
  });

  it('reports each mistake in one line', () => {
    const mistakes = mistakesOf({ SARVAM_API_KEY: 'a\nb', OPENAI_BASE_URL: 'http://a\nb', ELEVENLABS_API_KEY: 'ā' });
    expect(mistakes).toHaveLength(3);
    expect(mistakes.join('')).not.toMatch(/[\n\r]/);
  });

  it('lists all mistakes at once, with the names of the variables but without their values', () => {
    const raw = Object.fromEntries(NAMES.flatMap((name) => VARIABLES[name].bad.slice(0, 1).map((bad) => [name, bad])));
    expect(Object.keys(raw).length).toBeGreaterThan(12);
    const mistakes = mistakesOf(raw);
    for (const name of Object.keys(raw)) expect(mistakes.some((mistake) => mistake.startsWith(`${name} `))).toBe(true);

    const secret = 'sk-live-0123456789';
    const text = mistakesOf(Object.fromEntries(NAMES.map((name) => [name, secret]))).join('\n');
    expect(text).toMatch(/PORT/);
    expect(text).not.toContain(secret);
  });

  it('describes everything that is wrong in one readable text', () => {
    const error = new EnvironmentError(['PORT must be an integer number', 'HOST should not be empty']);
    expect(error.message).toBe('The environment is not usable:\n  - PORT must be an integer number\n  - HOST should not be empty');
  });

  it('ignores environment variables that do not belong to Parley', () => {
    expect(mistakesOf({ PATH: '/bin', HOME: '/', EDITOR: 'ed', npm_config_port: 'x' })).toEqual([]);
  });
});

describe('settingsFrom', () => {
  const settings = (raw: Record<string, string> = {}) => settingsFrom(parseEnvironment(raw));

  it('has the default timings of the turn engine, with drafts enabled', () => {
    const { turns } = settings();
    expect(turns).toEqual({
      ...DEFAULT_TURN_POLICY,
      draftAfterSilenceMs: 200,
      maxEarlyDrafts: 3,
      systemPrompt: expect.stringContaining('Parley'),
    });
  });

  it('passes each number on to the setting that it configures', () => {
    expect(
      settings({
        END_OF_TURN_SILENCE_MS: '700',
        TURN_TAKING: 'adaptive',
        ADAPTIVE_MIN_SILENCE_MS: '350',
        INTERRUPT_CONFIRM_MS: '300',
        MAX_USER_TURN_MS: '20000',
        MAX_SESSION_MS: '600000',
        INTERRUPTION_MODE: 'resumable',
        BACK_CHANNELS: 'genau, uh-huh',
        INACTIVITY_TIMEOUT_MS: '5000',
        DRAFT_AFTER_SILENCE_MS: '150',
        EARLY_DRAFTS: '1',
        MEMORY_ON_INTERRUPTION: 'heard',
        SYSTEM_PROMPT: 'Hi.',
      }).turns,
    ).toMatchObject({
      endOfTurnSilenceMs: 700,
      turnTaking: 'adaptive',
      adaptiveMinSilenceMs: 350,
      interruptConfirmMs: 300,
      maxUserTurnMs: 20_000,
      maxSessionMs: 600_000,
      interruptionMode: 'resumable',
      backChannels: ['genau', 'uh-huh'],
      inactivityTimeoutMs: 5_000,
      draftAfterSilenceMs: 150,
      maxEarlyDrafts: 1,
      memoryOnInterruption: 'heard',
      systemPrompt: 'Hi.',
    });
  });

  it('disables drafts when they are switched off', () => {
    expect(settings({ PREEMPTIVE_GENERATION: 'false' }).turns.draftAfterSilenceMs).toBeUndefined();
  });

  it('splits lists and drops their empty entries', () => {
    expect(settings({ ALLOWED_ORIGINS: ' https://a.example,, https://b.example ,' }).allowedOrigins).toEqual([
      'https://a.example',
      'https://b.example',
    ]);
    expect(settings({ ALLOWED_ORIGINS: 'https://App.Example/,*' }).allowedOrigins).toEqual(['https://app.example', '*']);
    expect(settings().allowedOrigins).toEqual([]);
    expect(settings({ ALLOWED_HOSTS: ' parley.example,, ::1 ' }).allowedHosts).toEqual(['parley.example', '::1']);
    expect(settings()).toMatchObject({ allowedHosts: [], access: { proxies: { hops: 0 } } });
  });

  it('gives each provider its own key only', () => {
    const { providers, llm } = settings({
      SARVAM_API_KEY: 's',
      OPENAI_API_KEY: 'o',
      ELEVENLABS_API_KEY: 'e',
      SARVAM_BASE_URL: 'http://sim:1',
    });
    expect(llm).toEqual({ maxTokens: 600 });
    expect(PROVIDERS.map(({ stage, name, variables }) => ({ stage, name, ...valuesOf(variables, providers) }))).toEqual([
      { stage: 'stt', name: 'sarvam', apiKey: 's', baseUrl: 'http://sim:1' },
      { stage: 'stt', name: 'sarvam-legacy', apiKey: 's', baseUrl: 'http://sim:1' },
      { stage: 'llm', name: 'openai', apiKey: 'o', model: 'gpt-4o,gpt-6-luna' },
      { stage: 'tts', name: 'elevenlabs', apiKey: 'e', voiceId: '21m00Tcm4TlvDq8ikWAM', model: 'eleven_flash_v2_5' },
      { stage: 'tts', name: 'elevenlabs-http', apiKey: 'e', voiceId: '21m00Tcm4TlvDq8ikWAM', model: 'eleven_flash_v2_5' },
      { stage: 'agent', name: 'elevenlabs', apiKey: 'e' },
    ]);
  });
});
