-- +goose Up

-- As for posts, a public slug is or was one under which readers could see the tag. Of old slugs nothing tells whether they could: those
-- lead nobody but writers. What is shown now is known.
ALTER TABLE tag_slug ADD COLUMN public INTEGER NOT NULL DEFAULT 0;

UPDATE tag_slug SET public = 1 WHERE slug IN (SELECT slug FROM tag WHERE listed = 1);

-- The words of posts as they are written are apart too, as those in post_search and draft_search: how long it takes to find what begins as
-- asked depends on all that begins so, and must tell nothing of what is hidden.
DROP TABLE word_search;

CREATE VIRTUAL TABLE post_word_search USING fts5 (
	title, text,
	content = 'post_text', content_rowid = 'post_id', tokenize = 'unicode61 remove_diacritics 2', columnsize = 0, prefix = '2'
);

CREATE VIRTUAL TABLE draft_word_search USING fts5 (
	title, text,
	content = 'post_text', content_rowid = 'post_id', tokenize = 'unicode61 remove_diacritics 2', columnsize = 0, prefix = '2'
);

INSERT INTO post_word_search (rowid, title, text)
SELECT post.id, post_text.title, post_text.text
FROM post JOIN post_text ON post_text.post_id = post.id WHERE post.status = 'PUBLISHED' AND post.deleted_at IS NULL;

INSERT INTO draft_word_search (rowid, title, text)
SELECT post.id, post_text.title, post_text.text
FROM post JOIN post_text ON post_text.post_id = post.id WHERE NOT (post.status = 'PUBLISHED' AND post.deleted_at IS NULL);

-- When a post was to be published had become the date that its writer gave it. No writer gives one that is to come.
UPDATE revision SET published_at = NULL
WHERE published_at > created_at AND post_id IN (SELECT id FROM post WHERE status <> 'PUBLISHED');

UPDATE post SET published_at = NULL WHERE status <> 'PUBLISHED' AND published_at > unixepoch() * 1000;
UPDATE post_list SET published_at = NULL WHERE published_at > unixepoch() * 1000
	AND post_id IN (SELECT id FROM post WHERE status <> 'PUBLISHED');

-- +goose Down

DROP TABLE draft_word_search;
DROP TABLE post_word_search;

CREATE VIRTUAL TABLE word_search USING fts5 (
	title, text,
	content = 'post_text', content_rowid = 'post_id', tokenize = 'unicode61 remove_diacritics 2', columnsize = 0, prefix = '2'
);

INSERT INTO word_search (word_search) VALUES ('rebuild');

ALTER TABLE tag_slug DROP COLUMN public;
