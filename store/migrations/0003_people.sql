-- +goose Up

ALTER TABLE account ADD COLUMN email TEXT; -- in lower case
ALTER TABLE account ADD COLUMN role TEXT NOT NULL DEFAULT 'AUTHOR';
ALTER TABLE account ADD COLUMN password TEXT; -- its Argon2id hash with parameters and salt; who has none can't sign in
ALTER TABLE account ADD COLUMN deactivated_at INTEGER;
ALTER TABLE account ADD COLUMN erased_at INTEGER;
ALTER TABLE account ADD COLUMN shown INTEGER GENERATED ALWAYS AS (erased_at IS NULL OR listed = 1) VIRTUAL; -- to those who see everyone

CREATE UNIQUE INDEX account_by_email ON account (email);
CREATE INDEX account_by_sort_key ON account (shown, sort_key, id);
CREATE INDEX account_by_role ON account (role, sort_key, id) WHERE erased_at IS NULL;

-- The words of people's names. What is taken out is overwritten: nothing may be left of who was erased.
CREATE VIRTUAL TABLE account_search USING fts5 (
	username, name, email,
	content = 'account', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2'
);

INSERT INTO account_search (account_search, rank) VALUES ('secure-delete', 1);
INSERT INTO account_search (account_search) VALUES ('rebuild');

-- +goose StatementBegin
CREATE TRIGGER account_search_insert AFTER INSERT ON account BEGIN
	INSERT INTO account_search (rowid, username, name, email) VALUES (new.id, new.username, new.name, new.email);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER account_search_update AFTER UPDATE OF username, name, email ON account BEGIN
	INSERT INTO account_search (account_search, rowid, username, name, email)
	VALUES ('delete', old.id, old.username, old.name, old.email);
	INSERT INTO account_search (rowid, username, name, email) VALUES (new.id, new.username, new.name, new.email);
END;
-- +goose StatementEnd

CREATE TABLE session (
	id INTEGER PRIMARY KEY,
	token_hash BLOB NOT NULL UNIQUE,
	user_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	client_id INTEGER REFERENCES client (id) ON DELETE SET NULL,
	device TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	last_seen_at INTEGER NOT NULL,
	proved_at INTEGER NOT NULL -- when the password was last given; 0 for never
) STRICT;

CREATE INDEX session_by_user ON session (user_id, id);
CREATE INDEX session_by_client ON session (client_id);
CREATE INDEX session_by_last_seen_at ON session (last_seen_at);

-- What was sent by mail and is used once. A sign-up holds all of an account that is not there yet.
CREATE TABLE account_token (
	hash BLOB PRIMARY KEY,
	purpose TEXT NOT NULL, -- SIGN_UP, EMAIL, RESET or INVITE
	user_id INTEGER REFERENCES account (id) ON DELETE CASCADE, -- NULL for a sign-up
	email TEXT NOT NULL, -- that it was sent to and gives to the person; empty for RESET and INVITE
	username TEXT NOT NULL, -- of a sign-up, as what follows
	name TEXT NOT NULL,
	password TEXT NOT NULL,
	expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX account_token_by_user ON account_token (user_id, purpose);
CREATE INDEX account_token_by_email ON account_token (email);
CREATE INDEX account_token_of_nobody ON account_token (expires_at) WHERE user_id IS NULL;
CREATE INDEX account_token_by_expires_at ON account_token (expires_at);

-- How often signing in failed. A subject is a keyed hash of a login, a network or both: neither stands here in clear.
CREATE TABLE account_try (
	subject TEXT PRIMARY KEY,
	failures INTEGER NOT NULL,
	last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX account_try_by_last_at ON account_try (last_at);

-- The networks that people signed in from, as keyed hashes.
CREATE TABLE account_network (
	user_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
	network TEXT NOT NULL,
	last_at INTEGER NOT NULL,
	PRIMARY KEY (user_id, network)
) STRICT, WITHOUT ROWID;

CREATE INDEX account_network_by_last_at ON account_network (last_at);

-- What those hashes are keyed with.
CREATE TABLE account_secret (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	secret BLOB NOT NULL
) STRICT;

INSERT INTO account_secret VALUES (1, randomblob(32));

-- +goose Down

DROP TABLE account_secret;
DROP TABLE account_network;
DROP TABLE account_try;
DROP TABLE account_token;
DROP TABLE session;
DROP TRIGGER account_search_update;
DROP TRIGGER account_search_insert;
DROP TABLE account_search;
DROP INDEX account_by_role;
DROP INDEX account_by_sort_key;
DROP INDEX account_by_email;
ALTER TABLE account DROP COLUMN shown;
ALTER TABLE account DROP COLUMN erased_at;
ALTER TABLE account DROP COLUMN deactivated_at;
ALTER TABLE account DROP COLUMN password;
ALTER TABLE account DROP COLUMN role;
ALTER TABLE account DROP COLUMN email;
