-- +goose Up

-- What the row of a post shows is its shown revision: what readers see, or will see. The newest revision is another one where
-- there are edits that were not published: the working copy.
ALTER TABLE post ADD COLUMN cover_id INTEGER; -- of media
ALTER TABLE post ADD COLUMN revision INTEGER NOT NULL DEFAULT 1; -- the newest one's number
ALTER TABLE post ADD COLUMN shown_revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE post ADD COLUMN scheduled_for INTEGER; -- when scheduled_revision is to be shown to readers
ALTER TABLE post ADD COLUMN scheduled_revision INTEGER;
ALTER TABLE post ADD COLUMN deleted_at INTEGER; -- when it went to the trash

CREATE INDEX post_by_scheduled_for ON post (scheduled_for) WHERE scheduled_for IS NOT NULL;
CREATE INDEX post_by_deleted_at ON post (deleted_at) WHERE deleted_at IS NOT NULL;

-- One state of a post's content. Who wrote it through which client with which key: NULL for the command line.
CREATE TABLE revision (
	id INTEGER PRIMARY KEY,
	post_id INTEGER NOT NULL REFERENCES post (id) ON DELETE CASCADE,
	number INTEGER NOT NULL,
	slug TEXT NOT NULL,
	title TEXT NOT NULL,
	summary TEXT,
	tags TEXT NOT NULL, -- a JSON array of names
	author_ids TEXT NOT NULL, -- a JSON array of keys
	cover_id INTEGER,
	language TEXT NOT NULL,
	published_at INTEGER, -- the date that the writer gave it; NULL for when it is published
	autosaved_since INTEGER, -- when the run of autosaves began that it is the last of; NULL for what was saved on purpose
	editor_id INTEGER,
	client_id INTEGER,
	key_id INTEGER,
	session_id INTEGER,
	created_at INTEGER NOT NULL,
	markdown TEXT NOT NULL,
	UNIQUE (post_id, number)
) STRICT;

-- Whose a slug is. A public one is or was seen by readers, and goes on leading to its post.
CREATE TABLE post_slug (
	slug TEXT PRIMARY KEY,
	post_id INTEGER NOT NULL REFERENCES post (id) ON DELETE CASCADE,
	public INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX post_slug_by_post ON post_slug (post_id);

-- The same for tags, with the name that each slug was made of: old ones go on leading to a tag that was renamed, or that others
-- were merged into.
CREATE TABLE tag_slug (
	slug TEXT PRIMARY KEY,
	tag_id INTEGER NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
	name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX tag_slug_by_tag ON tag_slug (tag_id);

CREATE TABLE preview_token (
	hash BLOB PRIMARY KEY,
	post_id INTEGER NOT NULL REFERENCES post (id) ON DELETE CASCADE,
	expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX preview_token_by_post ON preview_token (post_id);
CREATE INDEX preview_token_by_expires_at ON preview_token (expires_at);

-- What was made by a request with an Idempotency-Key. The caller is part of the hash.
CREATE TABLE idempotency (
	hash BLOB PRIMARY KEY,
	input BLOB NOT NULL, -- the digest of what was asked
	made INTEGER NOT NULL, -- the key of what was made
	made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_by_made_at ON idempotency (made_at);

-- Grows with every change that readers can see of posts, tags and the site, so that feeds know when they are old.
CREATE TABLE content_version (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	version INTEGER NOT NULL,
	changed_at INTEGER NOT NULL
) STRICT;

INSERT INTO content_version VALUES (1, 1, unixepoch() * 1000);

INSERT INTO post_slug (slug, post_id, public) SELECT slug, id, status = 'PUBLISHED' FROM post;
INSERT INTO tag_slug (slug, tag_id, name) SELECT slug, id, name FROM tag;

INSERT INTO revision (
	id, post_id, number, slug, title, summary, tags, author_ids, language, published_at, created_at, markdown
)
SELECT post.id, post.id, 1, post.slug, post.title, post.summary,
	(SELECT json_group_array(tag.name ORDER BY tagged.key) FROM json_each(post.tag_ids) AS tagged JOIN tag ON tag.id = tagged.value),
	post.author_ids, post.language, post.published_at, post.updated_at, post_text.markdown
FROM post JOIN post_text ON post_text.post_id = post.id;

UPDATE post SET scheduled_for = published_at, scheduled_revision = 1, published_at = NULL WHERE status = 'SCHEDULED';
UPDATE post_list SET published_at = NULL WHERE shelf IN (2, 3);

-- +goose Down

DROP TABLE content_version;
DROP TABLE idempotency;
DROP TABLE preview_token;
DROP TABLE tag_slug;
DROP TABLE post_slug;
DROP TABLE revision;
UPDATE post SET published_at = scheduled_for WHERE status = 'SCHEDULED';
UPDATE post_list SET published_at = (SELECT published_at FROM post WHERE post.id = post_list.post_id) WHERE shelf IN (2, 3);
DROP INDEX post_by_deleted_at;
DROP INDEX post_by_scheduled_for;
ALTER TABLE post DROP COLUMN deleted_at;
ALTER TABLE post DROP COLUMN scheduled_revision;
ALTER TABLE post DROP COLUMN scheduled_for;
ALTER TABLE post DROP COLUMN shown_revision;
ALTER TABLE post DROP COLUMN revision;
ALTER TABLE post DROP COLUMN cover_id;
