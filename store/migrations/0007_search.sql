-- +goose Up

-- Full-text search over titles and texts; the texts themselves stay in post_text. What readers may see is apart from all else: how well a
-- post matches depends on all posts of its index, and must tell nothing of what is hidden.
DROP TABLE post_search;

CREATE VIRTUAL TABLE post_search USING fts5 (
	title, text,
	content = 'post_text', content_rowid = 'post_id', tokenize = 'porter unicode61 remove_diacritics 2'
);

CREATE VIRTUAL TABLE draft_search USING fts5 (
	title, text,
	content = 'post_text', content_rowid = 'post_id', tokenize = 'porter unicode61 remove_diacritics 2', columnsize = 0
);

-- The words of all posts as they are written, for what is asked by the beginning of a word. Every two first letters have a list of their
-- own: to merge those of all words that begin so takes twenty times as long.
CREATE VIRTUAL TABLE word_search USING fts5 (
	title, text,
	content = 'post_text', content_rowid = 'post_id', tokenize = 'unicode61 remove_diacritics 2', columnsize = 0, prefix = '2'
);

INSERT INTO post_search (rowid, title, text)
SELECT post.id, post_text.title, post_text.text
FROM post JOIN post_text ON post_text.post_id = post.id WHERE post.status = 'PUBLISHED' AND post.deleted_at IS NULL;

INSERT INTO draft_search (rowid, title, text)
SELECT post.id, post_text.title, post_text.text
FROM post JOIN post_text ON post_text.post_id = post.id WHERE NOT (post.status = 'PUBLISHED' AND post.deleted_at IS NULL);

INSERT INTO word_search (word_search) VALUES ('rebuild');

-- +goose Down

DROP TABLE word_search;
DROP TABLE draft_search;
DROP TABLE post_search;

CREATE VIRTUAL TABLE post_search USING fts5 (
	title, text,
	content = 'post_text', content_rowid = 'post_id', tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2'
);

INSERT INTO post_search (post_search) VALUES ('rebuild');
