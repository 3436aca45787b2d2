/**
 * What brings a database from each version to the next one, the same for SQLite and PostgreSQL. Entries are never changed, only added.
 * JSON is kept as text, because no query looks into it.
 */
export const MIGRATIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE shows (
       id TEXT PRIMARY KEY,
       details TEXT NOT NULL,
       created_at BIGINT NOT NULL,
       updated_at BIGINT NOT NULL
     )`,
    `CREATE TABLE episodes (
       id TEXT PRIMARY KEY,
       show_id TEXT REFERENCES shows (id) ON DELETE SET NULL,
       title TEXT NOT NULL,
       description TEXT,
       script TEXT NOT NULL,
       status TEXT NOT NULL CHECK (status IN ('queued', 'rendering', 'assembling', 'completed', 'failed', 'cancelled')),
       error TEXT,
       version BIGINT NOT NULL,
       script_version BIGINT NOT NULL,
       created_at BIGINT NOT NULL,
       updated_at BIGINT NOT NULL,
       started_at BIGINT,
       first_audio_ms DOUBLE PRECISION,
       output TEXT,
       claim_owner TEXT,
       claim_token BIGINT,
       claim_expires_at BIGINT
     )`,
    'CREATE INDEX episodes_by_status ON episodes (status, created_at, id)',
    'CREATE INDEX episodes_by_time ON episodes (created_at, id)',
    'CREATE INDEX episodes_by_show ON episodes (show_id, created_at, id)',
    `CREATE TABLE segments (
       id TEXT PRIMARY KEY,
       episode_id TEXT NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
       place INTEGER NOT NULL,
       content TEXT NOT NULL,
       status TEXT NOT NULL CHECK (status IN ('waiting', 'claimed', 'done', 'failed')),
       attempts INTEGER NOT NULL,
       error TEXT,
       version BIGINT NOT NULL,
       claim_owner TEXT,
       claim_token BIGINT,
       claim_expires_at BIGINT,
       cache_key TEXT,
       duration_ms DOUBLE PRECISION,
       billed_characters INTEGER,
       cached INTEGER,
       fallbacks INTEGER,
       alignment TEXT,
       UNIQUE (episode_id, place)
     )`,
    'CREATE INDEX segments_by_status ON segments (episode_id, status)',
  ],
  ['CREATE TABLE library (place INTEGER PRIMARY KEY CHECK (place = 1), id TEXT NOT NULL)'],
];
