-- The data as an author of a small blog would keep it, which Headwater is measured against: views are rolled up by day, and everything
-- that is asked for has an index that answers it alone.

CREATE TABLE author (
	id INTEGER PRIMARY KEY,
	username TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL
) STRICT;

CREATE TABLE tag (
	id INTEGER PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL
) STRICT;

CREATE TABLE post (
	id INTEGER PRIMARY KEY,
	slug TEXT NOT NULL UNIQUE,
	title TEXT NOT NULL,
	author_id INTEGER NOT NULL REFERENCES author (id),
	published_at INTEGER NOT NULL, -- UTC milliseconds
	views INTEGER NOT NULL,
	headings TEXT NOT NULL, -- a JSON array of {level, text, anchor}
	html TEXT NOT NULL
) STRICT;

CREATE INDEX post_feed ON post (published_at, id, slug, title, author_id, views);

CREATE TABLE post_tag (
	post_id INTEGER NOT NULL REFERENCES post (id),
	position INTEGER NOT NULL,
	tag_id INTEGER NOT NULL REFERENCES tag (id),
	PRIMARY KEY (post_id, position)
) STRICT, WITHOUT ROWID;

-- Who viewed which post on which UTC day (days since 1970-01-01), and how often.
CREATE TABLE view (
	post_id INTEGER NOT NULL REFERENCES post (id),
	day INTEGER NOT NULL,
	visitor INTEGER NOT NULL, -- a hash of address and user agent
	views INTEGER NOT NULL,
	PRIMARY KEY (post_id, day, visitor)
) STRICT, WITHOUT ROWID;

CREATE TABLE post_day (
	post_id INTEGER NOT NULL REFERENCES post (id),
	day INTEGER NOT NULL,
	views INTEGER NOT NULL,
	visitors INTEGER NOT NULL,
	PRIMARY KEY (post_id, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX post_day_by_day ON post_day (day, post_id, views, visitors);
