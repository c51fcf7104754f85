-- +goose Up

CREATE TABLE site (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	title TEXT NOT NULL,
	description TEXT NOT NULL,
	url TEXT NOT NULL,
	post_url TEXT NOT NULL,
	language TEXT NOT NULL,
	time_zone TEXT NOT NULL,
	shows_views INTEGER NOT NULL
) STRICT;

INSERT INTO site VALUES (1, 'Headwater', '', 'http://localhost:8080', 'http://localhost:8080/blog/{slug}', 'en', 'UTC', 1);

-- Texts are ordered by sort_key: logic.SortKey of the name or title.

CREATE TABLE account (
	id INTEGER PRIMARY KEY,
	username TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	sort_key TEXT NOT NULL,
	bio TEXT NOT NULL DEFAULT '',
	website TEXT,
	created_at INTEGER NOT NULL,
	listed INTEGER NOT NULL DEFAULT 0 -- whether it is an author of a published post
) STRICT;

CREATE INDEX account_by_name ON account (listed, sort_key, id);

CREATE TABLE tag (
	id INTEGER PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	sort_key TEXT NOT NULL,
	post_count INTEGER NOT NULL DEFAULT 0, -- published articles on it
	listed INTEGER NOT NULL DEFAULT 0 -- whether a published post stands on it
) STRICT;

CREATE INDEX tag_by_name ON tag (listed, sort_key, id);
CREATE INDEX tag_by_post_count ON tag (listed, post_count, id);

-- Languages that posts are written in. Their keys are negative, so that they never meet those of tags and accounts.
CREATE TABLE language (
	id INTEGER PRIMARY KEY,
	code TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE post (
	id INTEGER PRIMARY KEY,
	kind TEXT NOT NULL,
	slug TEXT NOT NULL UNIQUE,
	title TEXT NOT NULL,
	status TEXT NOT NULL,
	summary TEXT,
	author_ids TEXT NOT NULL, -- JSON arrays of keys, in order
	tag_ids TEXT NOT NULL,
	language TEXT NOT NULL,
	published_at INTEGER,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	sort_key TEXT NOT NULL,
	CHECK (published_at IS NOT NULL OR status <> 'PUBLISHED')
) STRICT;

-- The long parts of posts, the longest last: what stands in front is read without them.
CREATE TABLE post_text (
	post_id INTEGER PRIMARY KEY REFERENCES post (id) ON DELETE CASCADE,
	title TEXT NOT NULL, -- as the search knows it
	word_count INTEGER NOT NULL,
	headings TEXT NOT NULL, -- a JSON array of objects
	lead TEXT NOT NULL,
	text TEXT NOT NULL,
	html TEXT NOT NULL,
	markdown TEXT NOT NULL
) STRICT;

-- Every list that a post stands in: 0 holds all posts, any other number is the key of a tag, an author (account) or a
-- language. A shelf is a status and a kind (store/list.go numbers them). So each page of a list in any order is a range of
-- one index. No foreign key: the writer keeps these rows, and list has several parents.
CREATE TABLE post_list (
	list INTEGER NOT NULL,
	post_id INTEGER NOT NULL,
	shelf INTEGER NOT NULL,
	published_at INTEGER,
	updated_at INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	sort_key TEXT NOT NULL,
	PRIMARY KEY (list, post_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX post_list_by_published_at ON post_list (list, shelf, published_at, post_id);
CREATE INDEX post_list_by_updated_at ON post_list (list, shelf, updated_at, post_id, published_at);
CREATE INDEX post_list_by_created_at ON post_list (list, shelf, created_at, post_id, published_at);
CREATE INDEX post_list_by_sort_key ON post_list (list, shelf, sort_key, post_id, published_at);

-- How many posts stand on each shelf of each list.
CREATE TABLE post_list_size (
	list INTEGER NOT NULL,
	shelf INTEGER NOT NULL,
	posts INTEGER NOT NULL,
	PRIMARY KEY (list, shelf)
) STRICT, WITHOUT ROWID;

-- Where imported posts came from.
CREATE TABLE post_import (
	source TEXT PRIMARY KEY,
	digest TEXT NOT NULL,
	post_id INTEGER NOT NULL REFERENCES post (id) ON DELETE CASCADE
) STRICT;

CREATE INDEX post_import_by_post_id ON post_import (post_id);

-- The words that tell posts apart, and in how many published articles each is found.
CREATE TABLE term (
	id INTEGER PRIMARY KEY,
	term TEXT NOT NULL UNIQUE,
	posts INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The words of each post; weights of one post have unit length. A row is open when its post is a published article.
CREATE TABLE post_term (
	post_id INTEGER NOT NULL REFERENCES post (id) ON DELETE CASCADE,
	term_id INTEGER NOT NULL REFERENCES term (id),
	weight REAL NOT NULL,
	open INTEGER NOT NULL,
	PRIMARY KEY (post_id, term_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX post_term_by_term ON post_term (term_id, open, post_id, weight);

-- Full-text search over titles and texts; the texts themselves stay in post_text. Every two first letters have a list of
-- their own: to merge those of all words that begin so takes twenty times as long.
CREATE VIRTUAL TABLE post_search USING fts5 (
	title, text,
	content = 'post_text', content_rowid = 'post_id', tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2'
);

-- +goose Down

DROP TABLE post_search;
DROP TABLE post_term;
DROP TABLE term;
DROP TABLE post_import;
DROP TABLE post_list_size;
DROP TABLE post_list;
DROP TABLE post_text;
DROP TABLE post;
DROP TABLE language;
DROP TABLE tag;
DROP TABLE account;
DROP TABLE site;
