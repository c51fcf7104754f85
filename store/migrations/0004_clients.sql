-- +goose Up

-- A frontend. Its scopes stand with commas between them, here and below.
CREATE TABLE client (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	kind TEXT NOT NULL,
	description TEXT NOT NULL,
	post_url TEXT,
	allowed_origins TEXT NOT NULL, -- a JSON array
	scope_ceiling TEXT NOT NULL,
	requests_per_minute INTEGER NOT NULL,
	created_at INTEGER NOT NULL
) STRICT;

-- What requests without a key belong to. All who ask so share its limit, so it is far above what one address may ask.
INSERT INTO client VALUES (1, 'public', 'WEB', 'Whoever asks without a key.', NULL, '[]', 'POSTS_READ,METRICS_WRITE', 60000, unixepoch() * 1000);

CREATE TABLE api_key (
	id INTEGER PRIMARY KEY,
	client_id INTEGER NOT NULL REFERENCES client (id) ON DELETE CASCADE,
	hash BLOB NOT NULL UNIQUE, -- of the key, which is nowhere
	prefix TEXT NOT NULL,
	label TEXT NOT NULL,
	kind TEXT NOT NULL,
	scopes TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	expires_at INTEGER,
	made_to_expire_at INTEGER, -- before another key took its place
	revoked_at INTEGER,
	last_used_at INTEGER,
	request_count INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX api_key_by_client ON api_key (client_id, id);

-- Another number after every change of the two, so that each process sees the others' changes without reading all of them.
CREATE TABLE client_version (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	version INTEGER NOT NULL
) STRICT;

INSERT INTO client_version VALUES (1, 1);

-- +goose Down

DROP TABLE client_version;
DROP TABLE api_key;
DROP TABLE client;
