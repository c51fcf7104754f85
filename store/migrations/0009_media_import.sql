-- +goose Up

-- What was made of the files that imports of posts brought, by the SHA-256 of what they held, so that none is taken twice.
CREATE TABLE media_import (
	digest BLOB PRIMARY KEY,
	media_id INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX media_import_by_media ON media_import (media_id);

-- +goose Down

DROP TABLE media_import;
