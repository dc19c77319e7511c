// The databases' shape, forward only: entry n brings a database from user_version n to n + 1. An entry that has been
// released is never changed; the next one mends it.

export const intentsMigrations: readonly string[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE policies (volume TEXT PRIMARY KEY, policy TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE plans (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    is_open INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX plans_by_age ON plans (is_open, written_at DESC, id DESC);

  CREATE TABLE orders (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    plan TEXT NOT NULL,
    step_index INTEGER NOT NULL,
    body TEXT NOT NULL,
    outcome TEXT,
    UNIQUE (plan, step_index)
  ) STRICT;

  CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    plan TEXT,
    event TEXT NOT NULL,
    volume TEXT,
    server TEXT,
    step_index INTEGER,
    message TEXT NOT NULL
  ) STRICT;
  CREATE INDEX journal_by_plan ON journal (plan, sequence) WHERE plan IS NOT NULL;
  CREATE TRIGGER journal_is_append_only BEFORE UPDATE ON journal
  BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
  END;
  `,
  `
  CREATE TABLE cluster (id INTEGER PRIMARY KEY CHECK (id = 1), intent TEXT NOT NULL) STRICT;
  `,
];

export const cacheMigrations: readonly string[] = [
  `
  CREATE TABLE reports (
    server TEXT PRIMARY KEY,
    report_at INTEGER NOT NULL,
    report TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE subvolumes (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;

  CREATE TABLE samples (
    subvolume INTEGER NOT NULL,
    at INTEGER NOT NULL,
    used INTEGER NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (subvolume, at)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE hours (
    subvolume INTEGER NOT NULL,
    at INTEGER NOT NULL,
    used INTEGER NOT NULL,
    most INTEGER NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (subvolume, at)
  ) STRICT, WITHOUT ROWID;
  `,
];
