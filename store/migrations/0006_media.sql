-- +goose Up

-- What is said of files that were uploaded; their contents are kept elsewhere, under name.
CREATE TABLE media (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	filename TEXT NOT NULL,
	sort_key TEXT NOT NULL, -- of filename
	mime_type TEXT NOT NULL,
	size INTEGER NOT NULL, -- in bytes
	width INTEGER, -- NULL for what is no image
	height INTEGER,
	alt TEXT NOT NULL,
	uploaded_by INTEGER, -- an account; NULL for the command line, and for keys without a person
	created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX media_by_created_at ON media (created_at, id);
CREATE INDEX media_by_sort_key ON media (sort_key, id);
CREATE INDEX media_by_size ON media (size, id);

CREATE VIRTUAL TABLE media_search USING fts5 (
	filename, alt,
	content = 'media', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2'
);

INSERT INTO media_search (media_search, rank) VALUES ('secure-delete', 1);

-- +goose StatementBegin
CREATE TRIGGER media_search_insert AFTER INSERT ON media BEGIN
	INSERT INTO media_search (rowid, filename, alt) VALUES (new.id, new.filename, new.alt);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER media_search_update AFTER UPDATE OF filename, alt ON media BEGIN
	INSERT INTO media_search (media_search, rowid, filename, alt) VALUES ('delete', old.id, old.filename, old.alt);
	INSERT INTO media_search (rowid, filename, alt) VALUES (new.id, new.filename, new.alt);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER media_search_delete AFTER DELETE ON media BEGIN
	INSERT INTO media_search (media_search, rowid, filename, alt) VALUES ('delete', old.id, old.filename, old.alt);
END;
-- +goose StatementEnd

-- Copies of images at smaller widths.
CREATE TABLE media_variant (
	name TEXT PRIMARY KEY,
	media_id INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
	width INTEGER NOT NULL,
	height INTEGER NOT NULL,
	mime_type TEXT NOT NULL,
	size INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX media_variant_by_media ON media_variant (media_id, width);

-- Contents that are kept, or may be, without being anyone's: of uploads that are not finished, and of what was deleted.
CREATE TABLE media_stray (
	name TEXT PRIMARY KEY,
	since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX media_stray_by_since ON media_stray (since);

-- Which posts use a file, in any text or as the cover of any content that they show, will show, or are being given.
CREATE TABLE post_media (
	post_id INTEGER NOT NULL REFERENCES post (id) ON DELETE CASCADE,
	media_id INTEGER NOT NULL REFERENCES media (id),
	PRIMARY KEY (post_id, media_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX post_media_by_media ON post_media (media_id, post_id);

ALTER TABLE account ADD COLUMN avatar_id INTEGER; -- of media

CREATE INDEX account_by_avatar ON account (avatar_id) WHERE avatar_id IS NOT NULL;

-- +goose Down

DROP INDEX account_by_avatar;
ALTER TABLE account DROP COLUMN avatar_id;
DROP TABLE post_media;
DROP TABLE media_stray;
DROP TABLE media_variant;
DROP TABLE media_search;
DROP TABLE media;
